using System.Globalization;
using System.Text.RegularExpressions;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>Durations as people type them: "5 min", "1 h 30 min", "2 d", or d.hh:mm:ss.</summary>
static partial class DurationText
{
    /// <exception cref="ScheduleFormatException">It is something else, or not within 1 s to 366 d.</exception>
    public static TimeSpan Parse(string field, string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return Durations.Parse(field, text);
        }

        var seconds = 0.0;
        var parts = Whole().Match(text);
        for (var n = 0; n < parts.Groups["number"].Captures.Count; n++)
        {
            seconds += int.Parse(parts.Groups["number"].Captures[n].Value, CultureInfo.InvariantCulture) * SecondsOf(parts.Groups["unit"].Captures[n].Value);
        }

        return parts.Success
            ? Durations.Checked(field, TimeSpan.FromSeconds(seconds))
            : throw new ScheduleFormatException(field, $"{Durations.Quoted(text)} is not a duration. Write for example \"5 min\", \"1 h 30 min\" or \"2 d\".");
    }

    /// <summary>Read back, it is the same duration.</summary>
    public static string Of(TimeSpan duration)
    {
        (int Count, string Unit)[] parts = [(duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "min"), (duration.Seconds, "s")];
        return duration.Ticks % TimeSpan.TicksPerSecond == 0
            ? string.Join(' ', parts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}")))
            : duration.ToString("c");
    }

    static double SecondsOf(string unit) => char.ToLowerInvariant(unit[0]) switch { 'd' => 86_400, 'h' => 3600, 'm' => 60, _ => 1 };

    [GeneratedRegex(@"^\s*((?<number>\d{1,6})\s*(?<unit>d(ays?)?|h(ours?)?|m(in(utes?)?)?|s(ec(onds?)?)?)\s*)+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}
