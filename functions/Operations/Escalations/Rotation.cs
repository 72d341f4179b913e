using NodaTime;
using Watchdesk.Schedules;

namespace Watchdesk.Operations.Escalations;

/// <summary>Somebody else for a time.</summary>
/// <param name="User">Id of the person.</param>
public sealed record RotationOverride(DateTimeOffset From, DateTimeOffset Until, string User);

/// <summary>A time for which one person is on call.</summary>
/// <param name="IsOverride">Instead of who has the week.</param>
public sealed record Shift(DateTimeOffset From, DateTimeOffset Until, string User, bool IsOverride);

/// <summary>Who is on call, week by week, in the order of the list.</summary>
/// <param name="People">Ids; the first has the week of <paramref name="Start"/>.</param>
/// <param name="Start">Day of the first handover.</param>
/// <param name="Handover">Wall time of every handover, on the weekday of the start.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Overrides">Win over the week, the last over the others.</param>
public sealed record Rotation(IReadOnlyList<string> People, DateOnly Start, TimeOnly Handover, string TimeZone, IReadOnlyList<RotationOverride> Overrides)
{
    public static readonly Rotation None = new([], new DateOnly(2026, 1, 5), new TimeOnly(9, 0), "UTC", []);

    /// <summary>Id of a person; null when nobody is on call.</summary>
    public string? OnCallAt(DateTimeOffset at) =>
        Overrides.LastOrDefault(instead => instead.From <= at && at < instead.Until)?.User ?? (WeekAt(at) is { } week ? UserOf(week) : null);

    /// <summary>What lies in the time, each shift whole, in order.</summary>
    public IReadOnlyList<Shift> Shifts(DateTimeOffset from, DateTimeOffset until)
    {
        var shifts = new List<Shift>();
        for (var week = WeekAt(from) ?? 0; People.Count > 0 && Begin(week) < until; week++)
        {
            shifts.Add(new Shift(Begin(week), Begin(week + 1), UserOf(week), false));
        }

        return [.. Overrides.Aggregate(shifts, (all, instead) => [.. all.SelectMany(shift => Without(shift, instead)), new Shift(instead.From, instead.Until, instead.User, true)])
            .Where(shift => shift.Until > from && shift.From < until).OrderBy(shift => shift.From)];
    }

    /// <summary>Null before the first week.</summary>
    int? WeekAt(DateTimeOffset at)
    {
        if (People.Count == 0)
        {
            return null;
        }

        var local = Instant.FromDateTimeOffset(at).InZone(CronSchedule.FindZone(TimeZone)).Date;
        var week = (int)Math.Floor(Period.DaysBetween(LocalDate.FromDateOnly(Start), local) / 7.0);
        week = Begin(week + 1) <= at ? week + 1 : Begin(week) > at ? week - 1 : week;
        return week < 0 ? null : week;
    }

    string UserOf(int week) => People[week % People.Count];

    /// <summary>A time that the clocks skip is right after the gap, one that comes twice is the first.</summary>
    DateTimeOffset Begin(int week) =>
        (LocalDate.FromDateOnly(Start).PlusWeeks(week) + LocalTime.FromTimeOnly(Handover)).InZoneLeniently(CronSchedule.FindZone(TimeZone)).ToInstant().ToDateTimeOffset();

    static IEnumerable<Shift> Without(Shift shift, RotationOverride instead)
    {
        if (instead.Until <= shift.From || shift.Until <= instead.From)
        {
            return [shift];
        }

        return new[] { shift with { Until = instead.From }, shift with { From = instead.Until } }.Where(part => part.From < part.Until);
    }
}
