using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>Maintenance windows as lines: "Sun 02:00-04:00 Europe/Berlin" or "2026-05-01T02:00Z to 2026-05-01T04:00Z".</summary>
static class MaintenanceText
{
    const string Field = "maintenance";
    const string Between = " to ";

    public static string Of(IEnumerable<MaintenanceWindow> windows) => string.Join('\n', windows.Select(Line));

    /// <exception cref="ScheduleFormatException">A line is something else.</exception>
    public static IReadOnlyList<MaintenanceWindow> Parse(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Window)];

    static string Line(MaintenanceWindow window) => window switch
    {
        WeeklyMaintenance weekly => $"{weekly.Weekly} {weekly.Zone.Id}",
        SingleMaintenance single => $"{At(single.From)}{Between}{At(single.To)}",
        _ => "",
    };

    static MaintenanceWindow Window(string line)
    {
        try
        {
            if (line.Split(Between, 2) is [var from, var to])
            {
                return new SingleMaintenance(Instant(from), Instant(to));
            }

            return line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is [var day, var times, .. var zone]
                ? WeeklyMaintenance.Parse($"{day} {times}", zone.Length > 0 ? zone[0] : "UTC")
                : throw new ScheduleFormatException(Field, $"{Durations.Quoted(line)} is not a window such as \"Sun 02:00-04:00 Europe/Berlin\" or \"2026-05-01T02:00Z to 2026-05-01T04:00Z\".");
        }
        catch (ScheduleFormatException wrong) when (wrong.Field != Field)
        {
            throw new ScheduleFormatException(Field, wrong.Message);
        }
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at
        : throw new ScheduleFormatException(Field, $"{Durations.Quoted(text)} is not an instant such as \"2026-05-01T02:00Z\".");

    static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
