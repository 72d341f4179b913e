using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>
/// A bad moment (storage away, 429, 5xx, time-out) is waited for inside a queue invocation: 1, 2, 4 … 30 s, at most
/// <paramref name="Longest"/> in all, so that an outage does not use up deliveries. Handlers are safe to repeat.
/// </summary>
public sealed record Patience(TimeSpan Longest)
{
    /// <summary>Below the lock of a Service Bus batch, which nobody renews.</summary>
    public static readonly Patience Default = new(TimeSpan.FromMinutes(4));

    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public async Task RunAsync(Func<Task> handle, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await handle();
                return;
            }
            catch (RemoteCallException error) when (error.IsTransient && clock.GetElapsedTime(began) + wait < Longest)
            {
                await Task.Delay(wait, clock, cancellationToken);
            }
        }
    }
}
