namespace Watchdesk.Client;

/// <summary>The clock of a client: tests put their own in its place.</summary>
public sealed class HeartbeatClock
{
    /// <param name="now">The present instant, UTC.</param>
    /// <param name="delay">Completes after the time, or is cancelled by the token.</param>
    public HeartbeatClock(Func<DateTimeOffset> now, Func<TimeSpan, CancellationToken, Task> delay)
    {
        Now = now ?? throw new ArgumentNullException(nameof(now));
        Delay = delay ?? throw new ArgumentNullException(nameof(delay));
    }

#pragma warning disable RS0030 // netstandard2.0 has no TimeProvider: this is the one place that reads the wall clock.
    /// <summary>The machine's clock.</summary>
    public static HeartbeatClock System { get; } = new(() => DateTimeOffset.UtcNow, Task.Delay);
#pragma warning restore RS0030

    internal Func<DateTimeOffset> Now { get; }

    internal Func<TimeSpan, CancellationToken, Task> Delay { get; }
}
