using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Invokes a function as the host does and judges its answer as the host does (contract 5.1).</summary>
public sealed partial class FunctionInvoker(InMemoryPipeline pipeline, Chaos chaos, TimeProvider clock, ILogger<FunctionInvoker> log)
{
    /// <summary>False when the invocation failed: a message comes again, a timer waits for its next time.</summary>
    public async Task<bool> InvokeAsync(FunctionDefinition function, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        var isSuccess = await OnceAsync(function, envelope, cancellationToken);
        if (isSuccess && chaos.IsDuplicated())
        {
            isSuccess = await OnceAsync(function, envelope, cancellationToken);
        }

        if (chaos.Delay > TimeSpan.Zero)
        {
            await Task.Delay(chaos.Delay, clock, cancellationToken);
        }

        return isSuccess;
    }

    /// <summary>Null when the host would take this answer for success; else why not.</summary>
    public static string? Refusal(int status, string? contentType, string body)
    {
        if (status is < 200 or > 299)
        {
            return $"it answered {status}";
        }

        if (body.Trim() is "" or "null")
        {
            return "it answered nothing, on which the host would wait until its time-out";
        }

        return contentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true && IsObject(body) ? null : "its answer is not a JSON object";
    }

    /// <summary>One invocation whose answer counts: why the host would refuse it, or null, and its body.</summary>
    public async Task<(string? Refusal, string Body)> CallAsync(FunctionDefinition function, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        try
        {
            var answer = await pipeline.InvokeAsync(function.Name, envelope, id, cancellationToken);
            if (Refusal(answer.Status, answer.ContentType, answer.Body) is not { } refusal)
            {
                return (null, answer.Body);
            }

            Log.Failed(log, function.Name, id, refusal);
            return (refusal, "");
        }
#pragma warning disable CA1031 // A trigger's loop outlives its worst invocation.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Threw(log, error, function.Name, id);
            return ("it threw", "");
        }
    }

    async Task<bool> OnceAsync(FunctionDefinition function, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        (await CallAsync(function, envelope, cancellationToken)).Refusal is null;

    static bool IsObject(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(20, LogLevel.Debug, "{Function} {Invocation} failed: {Reason}")]
        public static partial void Failed(ILogger log, string function, string invocation, string reason);

        [LoggerMessage(21, LogLevel.Error, "{Function} {Invocation} failed")]
        public static partial void Threw(ILogger log, Exception error, string function, string invocation);
    }
}

/// <summary>Makes the embedded host as unkind as a real one can be: for tests, off otherwise.</summary>
/// <param name="IsDuplicated">Asked after each success: true delivers the same envelope again.</param>
/// <param name="Delay">Between an answer and what follows from it.</param>
public sealed record Chaos(Func<bool> IsDuplicated, TimeSpan Delay)
{
    public static readonly Chaos None = new(() => false, TimeSpan.Zero);
}
