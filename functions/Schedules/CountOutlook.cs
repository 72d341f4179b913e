using System.Globalization;

namespace Watchdesk.Schedules;

public enum CountVerdict
{
    /// <summary>Nothing has come and nothing is owed yet.</summary>
    New,

    Fine,

    /// <summary>There are fewer than enough, within the tolerance.</summary>
    Late,

    TooFew,

    TooMany,
}

/// <summary>How a count stands at an instant.</summary>
/// <param name="DueAt">When there will be fewer than enough if nothing else comes; null when nothing is owed.</param>
/// <param name="Deadline">When that is too few; null when nothing is owed.</param>
/// <param name="CrowdedUntil">When there will no longer be too many; null when there never were.</param>
/// <param name="NextLook">The next instant at which the verdict may change between good and bad by time alone; null when none.</param>
public sealed record CountOutlook(CountVerdict Verdict, DateTimeOffset? DueAt, DateTimeOffset? Deadline, DateTimeOffset? CrowdedUntil, DateTimeOffset? NextLook)
{
    /// <param name="now">Not before the last arrival.</param>
    /// <param name="owedFrom">Not before one whole window since then can there be too few.</param>
    public static CountOutlook At(CountSchedule schedule, Arrivals arrivals, DateTimeOffset now, DateTimeOffset? owedFrom = null)
    {
        var isOwed = schedule.Least > 0 && arrivals.OwedBy > 0;
        var dueAt = isOwed ? Latest(Arrivals.Instant(arrivals.EnoughUntil), owedFrom + schedule.Window) : (DateTimeOffset?)null;
        var deadline = isOwed ? Latest(Arrivals.Instant(arrivals.OwedBy), owedFrom + schedule.Window + arrivals.Tolerance(schedule)) : (DateTimeOffset?)null;
        var crowdedUntil = EndOfCrowd(schedule, arrivals);
        var verdict =
            crowdedUntil > now ? CountVerdict.TooMany
            : deadline <= now ? CountVerdict.TooFew
            : dueAt <= now ? CountVerdict.Late
            : arrivals.Heard == 0 ? CountVerdict.New
            : CountVerdict.Fine;
        return new CountOutlook(verdict, dueAt, deadline, crowdedUntil, Earliest(After(crowdedUntil, now), After(deadline, now)));
    }

    public string Reason(CountSchedule schedule, Arrivals arrivals, DateTimeOffset now) => Verdict == CountVerdict.TooMany
        ? "too many: " + Say(schedule, arrivals, null, now)
        : Say(schedule, arrivals, Deadline, now);

    /// <summary>For example "got 1 of 2±0 in the last 24 h, last 09:02, expected by 21:40"; times in UTC.</summary>
    public static string Say(CountSchedule schedule, Arrivals arrivals, DateTimeOffset? expectedBy, DateTimeOffset now)
    {
        var start = (now - schedule.Window).ToUnixTimeMilliseconds();
        var got = arrivals.Newest.Count(at => at > start);
        var atLeast = got > schedule.Most ? "at least " : "";
        var last = arrivals.LastAt is { } at ? $", last {Clock(at, now)}" : ", never one before";
        return $"got {atLeast}{got} of {schedule.Amount} in the last {schedule.Span}{last}{(expectedBy is { } by ? $", expected by {Clock(by, now)}" : "")}";
    }

    /// <summary>Until when one more than the most lies within a window that is shorter by the tolerance.</summary>
    static DateTimeOffset? EndOfCrowd(CountSchedule schedule, Arrivals arrivals) =>
        arrivals.Newest.Count > schedule.Most
            ? Arrivals.Instant(arrivals.Newest[schedule.Most]) + schedule.Window - arrivals.Tolerance(schedule)
            : null;

    static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;

    static DateTimeOffset? After(DateTimeOffset? at, DateTimeOffset now) => at > now ? at : null;

    static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;

    static string Clock(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm" : "d MMM HH:mm", CultureInfo.InvariantCulture);
}
