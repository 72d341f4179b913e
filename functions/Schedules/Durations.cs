using System.Globalization;

namespace Watchdesk.Schedules;

/// <summary>Durations as schedules take, bound and say them.</summary>
public static class Durations
{
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Most = TimeSpan.FromDays(366);

    /// <summary>The same value when it is within 1 s to 366 d.</summary>
    /// <exception cref="ScheduleFormatException">It is not.</exception>
    public static TimeSpan Checked(string field, TimeSpan value) =>
        value >= Least && value <= Most ? value : throw new ScheduleFormatException(field, $"{value:c} is not between 00:00:01 and 366.00:00:00.");

    /// <summary>Reads <c>[d.]hh:mm:ss</c> within 1 s to 366 d.</summary>
    /// <exception cref="ScheduleFormatException">It is something else.</exception>
    public static TimeSpan Parse(string field, string text) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            ? Checked(field, value)
            : throw new ScheduleFormatException(field, $"{Quoted(text)} is not a duration d.hh:mm:ss, for example \"00:05:00\" or \"1.00:00:00\".");

    /// <summary>The sum, or the last instant there is.</summary>
    public static DateTimeOffset Add(DateTimeOffset at, TimeSpan by) =>
        by > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue : at + by;

    /// <summary>At most two units, for example "1 h 30 min", "2 d", "45 s".</summary>
    public static string Say(TimeSpan value)
    {
        var time = value.Duration();
        (int Count, string Unit)[] parts = [(time.Days, "d"), (time.Hours, "h"), (time.Minutes, "min"), (time.Seconds, "s")];
        var said = parts.SkipWhile(part => part.Count == 0).Take(2).Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Unit}").ToList();
        return said.Count == 0 ? $"{time.Milliseconds} ms" : string.Join(' ', said);
    }

    /// <summary>Text of a caller within an error: quoted and cut.</summary>
    public static string Quoted(string text) => text.Length <= 80 ? $"\"{text}\"" : $"\"{text.AsSpan(0, 80)}…\"";
}
