using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace Watchdesk.Schedules;

/// <summary>
/// Every week, by the clocks of a time zone (NodaTime's own database); one whose end is not after its start ends on the next day.
/// When the clocks change: a start or end that does not exist is the instant after the gap; one that exists twice starts
/// at the first and ends at the second.
/// </summary>
public sealed record WeeklyMaintenance(IsoDayOfWeek Day, LocalTime From, LocalTime To, DateTimeZone Zone) : MaintenanceWindow
{
    static readonly ZoneLocalMappingResolver Starts = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);
    static readonly ZoneLocalMappingResolver Ends = Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnStartOfIntervalAfter);

    static readonly string[] Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>Reads "Sun 02:00-04:00"; the end of a day is 24:00.</summary>
    /// <exception cref="ScheduleFormatException">It is something else, or there is no such zone.</exception>
    public static WeeklyMaintenance Parse(string weekly, string timeZone)
    {
        var day = weekly.Length > 4 && weekly[3] == ' ' ? Array.FindIndex(Days, known => weekly.StartsWith(known, StringComparison.OrdinalIgnoreCase)) : -1;
        var times = day < 0 ? [] : weekly[4..].Split('-');
        if (times.Length != 2 || Time(times[0]) is not { } from || Time(times[1] == "24:00" ? "00:00" : times[1]) is not { } to)
        {
            throw new ScheduleFormatException("weekly", $"{Durations.Quoted(weekly)} is not a day with a time such as \"Sun 02:00-04:00\".");
        }

        return new WeeklyMaintenance((IsoDayOfWeek)(day + 1), from, to, CronSchedule.FindZone(timeZone));
    }

    public override DateTimeOffset? EndAround(DateTimeOffset at)
    {
        var instant = Instant.FromDateTimeOffset(at);
        var today = instant.InZone(Zone).Date;
        var day = today.DayOfWeek == Day ? today : today.Previous(Day);
        return Around(day) ?? (today == day ? Around(day.PlusWeeks(-1)) : null);

        DateTimeOffset? Around(LocalDate date)
        {
            var start = Zone.ResolveLocal(date + From, Starts).ToInstant();
            var end = Zone.ResolveLocal((To > From ? date : date.PlusDays(1)) + To, Ends).ToInstant();
            return instant >= start && instant < end ? end.ToDateTimeOffset() : null;
        }
    }

    public override string Describe() => $"{Weekly} ({Zone.Id})";

    internal string Weekly => string.Create(CultureInfo.InvariantCulture, $"{Days[(int)Day - 1]} {Say(From)}-{(To == LocalTime.Midnight ? "24:00" : Say(To))}");

    static string Say(LocalTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Hour:D2}:{time.Minute:D2}");

    static LocalTime? Time(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new LocalTime(time.Hour, time.Minute) : null;
}
