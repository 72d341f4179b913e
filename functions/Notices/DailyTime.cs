using System.Globalization;
using NodaTime;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>A time of day somewhere. When the clocks change it comes once that day, as a cron job at that time does.</summary>
/// <param name="At">Local time, 00:00 to 23:59.</param>
/// <param name="TimeZone">IANA time zone; UTC when left out.</param>
/// <param name="Report">Day on which a report of the last seven days comes too: mon, tue, wed, thu, fri, sat or sun; none when left out.</param>
public sealed record DailyTime(string At, string TimeZone = "UTC", string? Report = null)
{
    static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    static readonly TimeSpan LongestAway = TimeSpan.FromDays(2);

    /// <exception cref="ScheduleFormatException">There is no such time or zone.</exception>
    public DailyTime Checked()
    {
        Schedule();
        if (Report is not null && !Days.Contains(Report, StringComparer.Ordinal))
        {
            throw new ScheduleFormatException("report", $"is one of {string.Join(", ", Days)}, or left out.");
        }

        return this with { TimeZone = TimeZone ?? "UTC" };
    }

    /// <summary>A report is due with the digest of that instant.</summary>
    public bool IsReportDay(DateTimeOffset at) => Report is not null && Days[(int)DayOf(at).DayOfWeek - 1] == Report;

    /// <summary>The day that it is then, there.</summary>
    public LocalDate DayOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb[TimeZone]).Date;

    public DateTimeOffset NextAfter(DateTimeOffset at) => Schedule().DueAfter(at) ?? DateTimeOffset.MaxValue;

    /// <summary>The last time it was between <paramref name="after"/> and <paramref name="now"/>, however many days that is; null for never.</summary>
    public DateTimeOffset? LatestIn(DateTimeOffset after, DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        var schedule = Schedule();
        var from = now - after > LongestAway ? now - LongestAway : after;
        for (var next = schedule.DueAfter(from); next <= now; next = schedule.DueAfter(next.Value))
        {
            latest = next;
        }

        return latest;
    }

    CronSchedule Schedule() =>
        TimeOnly.TryParseExact(At, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? CronSchedule.Parse(string.Create(CultureInfo.InvariantCulture, $"{time.Minute} {time.Hour} * * *"), TimeZone ?? "UTC", CronSchedule.DefaultGrace)
            : throw new ScheduleFormatException("at", "is a time of day such as \"09:00\".");
}
