using System.Globalization;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// Looks at every instance that <see cref="StartWork"/> started until it has ended: one whose turn was lost with its process is
/// started anew under another id, from our own row; one that ended long ago is forgotten.
/// </summary>
sealed partial class Supervisor(StartedRuns runs, WakeLater wake, TimeProvider clock, ILogger<Supervisor> log)
{
    public const string DueKind = "supervise";

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    const int MaxRestarts = 3;
    const string Suffix = "-r";

    public Task WatchAsync(string id, TimeSpan after, CancellationToken cancellationToken) =>
        wake(DueKind, OrchestrationClient.TenantOf(id), id, clock.GetUtcNow() + after, cancellationToken);

    public async Task LookAsync(DurableApi api, string id, Func<string, string, string, Task> start, CancellationToken cancellationToken)
    {
        var status = await api.FindAsync(id, cancellationToken);
        if (status is null)
        {
            await runs.DeleteAsync(id, cancellationToken);
        }
        else if (!status.IsFinished)
        {
            await WatchAsync(id, Every, cancellationToken);
        }
        else if (clock.GetUtcNow() - status.LastUpdatedAt >= Keep)
        {
            await api.PurgeAsync(id, cancellationToken);
            await runs.DeleteAsync(id, cancellationToken);
        }
        else
        {
            await RestartAsync(status, id, start, cancellationToken);
            await WatchAsync(id, Keep + Every, cancellationToken);
        }
    }

    async Task RestartAsync(InstanceStatus status, string id, Func<string, string, string, Task> start, CancellationToken cancellationToken)
    {
        if (!status.IsPlatformFailure)
        {
            return;
        }

        if (NextId(id) is { } next && await runs.FindAsync(id, cancellationToken) is { } run)
        {
            Log.Restarts(log, id, next);
            await start(next, run.Name, run.Input);
        }
        else
        {
            Log.GivesUp(log, id, MaxRestarts);
        }
    }

    /// <summary>Null after too many: what kills its process every time does so again.</summary>
    internal static string? NextId(string id)
    {
        var (first, restarts) = Split(id);
        return restarts >= MaxRestarts ? null : string.Create(CultureInfo.InvariantCulture, $"{first}{Suffix}{restarts + 1}");
    }

    /// <summary>The id that it had before it was lost for the first time.</summary>
    internal static string FirstId(string id) => Split(id).First;

    static (string First, int Restarts) Split(string id)
    {
        var at = id.LastIndexOf(Suffix, StringComparison.Ordinal);
        return at > 0 && int.TryParse(id.AsSpan(at + Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var restarts) ? (id[..at], restarts) : (id, 0);
    }

    static partial class Log
    {
        [LoggerMessage(45, LogLevel.Warning, "{Instance} was lost by the platform and is started anew as {Next}")]
        public static partial void Restarts(ILogger log, string instance, string next);

        [LoggerMessage(46, LogLevel.Error, "{Instance} was lost by the platform and is not started again: there is no row of its start, or it was lost {Most} times")]
        public static partial void GivesUp(ILogger log, string instance, int most);
    }
}
