using System.Globalization;

namespace Watchdesk.Tests.Notices;

/// <summary>A clock that moves when told, and by itself to the end of any wait: who waits a second finds it a second later, at once.</summary>
public sealed class PatientClock(string start) : TimeProvider
{
    readonly Lock gate = new();
    DateTimeOffset now = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (gate)
        {
            now += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromHours(1))
        {
            Advance(dueTime);
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
