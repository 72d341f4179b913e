using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>A time of day in which somebody is not to be disturbed.</summary>
/// <param name="From">Local time, 00:00 to 23:59.</param>
/// <param name="To">Local time; before <paramref name="From"/> it is the next day's.</param>
/// <param name="TimeZone">IANA time zone; UTC when left out.</param>
/// <param name="ExceptCritical">What is critical comes through.</param>
public sealed record QuietHours(string From, string To, string TimeZone = "UTC", bool ExceptCritical = true)
{
    /// <exception cref="ScheduleFormatException">There is no such time or zone.</exception>
    public QuietHours Checked()
    {
        new DailyTime(From, TimeZone).Checked();
        new DailyTime(To, TimeZone).Checked();
        return From != To ? this with { TimeZone = TimeZone ?? "UTC" } : throw new ScheduleFormatException("quiet", "begins and ends at different times.");
    }

    /// <summary>When it is over; null when it is not quiet now.</summary>
    public DateTimeOffset? EndsAfter(DateTimeOffset now)
    {
        var end = new DailyTime(To, TimeZone).NextAfter(now);
        return end < new DailyTime(From, TimeZone).NextAfter(now) ? end : null;
    }
}
