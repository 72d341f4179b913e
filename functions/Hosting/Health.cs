using System.Buffers;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>What is known about this installation's health at an instant.</summary>
/// <param name="StorageError">Null when storage answered.</param>
/// <param name="LastTickAt">When the periodic function last ran, on whatever instance; null when never.</param>
public sealed record HealthReport(DateTimeOffset At, TimeSpan StorageTook, string? StorageError, DateTimeOffset? LastTickAt, TimeSpan Uptime, long FreeDiskBytes, long FreeMemoryBytes)
{
    /// <summary>Twelve missed ticks of the default schedule.</summary>
    public static readonly TimeSpan TickLimit = TimeSpan.FromMinutes(2);

    const long LowDiskBytes = 200L << 20;
    const long LowMemoryBytes = 50L << 20;

    public bool IsStorageFine => StorageError is null;

    public bool IsTicking => LastTickAt is { } last ? At - last <= TickLimit : Uptime <= TickLimit;

    public bool IsHostFine => FreeDiskBytes >= LowDiskBytes && FreeMemoryBytes >= LowMemoryBytes;

    /// <summary>A short disk or memory is a warning: a restart elsewhere would not help.</summary>
    public bool IsFine => IsStorageFine && IsTicking;

    public ReadOnlyMemory<byte> ToJson(bool withDetails)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("status"u8, !IsFine ? "failing" : IsHostFine ? "ok" : "warning");
        if (withDetails)
        {
            WriteDetails(json);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    void WriteDetails(Utf8JsonWriter json)
    {
        json.WriteStartObject("storage"u8);
        json.WriteString("status"u8, IsStorageFine ? "ok" : "failing");
        json.WriteNumber("milliseconds"u8, (long)StorageTook.TotalMilliseconds);
        if (StorageError is not null)
        {
            json.WriteString("reason"u8, StorageError);
        }

        json.WriteEndObject();
        json.WriteStartObject("host"u8);
        json.WriteString("status"u8, IsHostFine ? "ok" : "warning");
        json.WriteNumber("freeDiskBytes"u8, FreeDiskBytes);
        json.WriteNumber("freeMemoryBytes"u8, FreeMemoryBytes);
        json.WriteEndObject();
        json.WriteStartObject("app"u8);
        json.WriteString("status"u8, IsTicking ? "ok" : "failing");
        if (LastTickAt is { } last)
        {
            json.WriteString("lastTickAt"u8, last.UtcDateTime);
            json.WriteString("lastTickAge"u8, Seconds(At - last));
        }

        json.WriteString("uptime"u8, Seconds(Uptime));
        json.WriteString("version"u8, DeskVersion.Text);
        json.WriteEndObject();
    }

    static string Seconds(TimeSpan span) => TimeSpan.FromSeconds(Math.Max(0, Math.Floor(span.TotalSeconds))).ToString("c");
}

/// <summary>Looks at storage, host and app; at most once a second, since anybody may ask.</summary>
public sealed class Health(ITables tables, DeskStart start, DeskOptions options, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim gate = new(1);
    HealthReport? last;

    /// <param name="startedAt">When this process began to serve.</param>
    public async Task<HealthReport> LookAsync(DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            return last is not null && now - last.At < Fresh ? last : last = await LookAsync(now, now - startedAt, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    async Task<HealthReport> LookAsync(DateTimeOffset now, TimeSpan uptime, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        string? error = null;
        DateTimeOffset? tickAt = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StorageLimit);
            tickAt = (await tables.GetAsync(Tables.Meta, "m", "due", ["TickAt"], limit.Token))?.Time("TickAt");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            error = $"Storage did not answer within {StorageLimit.TotalSeconds} s.";
        }
        catch (RemoteCallException remote)
        {
            error = remote.Message;
        }

        return new HealthReport(now, clock.GetElapsedTime(began), error, tickAt, uptime, FreeDisk(), FreeMemory());
    }

    long FreeDisk()
    {
        try
        {
            return new DriveInfo(start.IsHandler || !Directory.Exists(options.DataFolder) ? start.Root : options.DataFolder).AvailableFreeSpace;
        }
        catch (IOException)
        {
            return long.MaxValue;
        }
    }

    static long FreeMemory()
    {
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, Environment.WorkingSet));
    }
}

public static class HealthRoutes
{
    /// <summary>The address that a platform or another watcher asks; only the status for those who are not signed in.</summary>
    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder routes, Func<HttpContext, bool> maySeeDetails)
    {
        var startedAt = routes.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        return routes.MapGet("/health", async context =>
        {
            var report = await context.RequestServices.GetRequiredService<Health>().LookAsync(startedAt, context.RequestAborted);
            var body = report.ToJson(maySeeDetails(context));
            context.Response.StatusCode = report.IsFine ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
    }
}
