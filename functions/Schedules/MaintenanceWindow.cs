using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>A time in which nothing is owed. It begins at its first instant and ends before its last.</summary>
[JsonConverter(typeof(MaintenanceJson))]
public abstract record MaintenanceWindow
{
    /// <summary>When the window that holds <paramref name="at"/> ends; null when it lies outside.</summary>
    public abstract DateTimeOffset? EndAround(DateTimeOffset at);

    /// <summary>A phrase for people, for example "Sun 02:00-04:00 (Europe/Berlin)".</summary>
    public abstract string Describe();
}

/// <summary>Once, at most 366 d long.</summary>
public sealed record SingleMaintenance(DateTimeOffset From, DateTimeOffset To) : MaintenanceWindow
{
    public DateTimeOffset From { get; } = From.ToUniversalTime();

    public DateTimeOffset To { get; } = To > From && To - From <= Durations.Most
        ? To.ToUniversalTime()
        : throw new ScheduleFormatException("maintenance", "to must lie after from, at most 366 days.");

    public override DateTimeOffset? EndAround(DateTimeOffset at) => at >= From && at < To ? To : null;

    public override string Describe() => $"{From.UtcDateTime:yyyy-MM-dd HH:mm} to {To.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}

/// <summary>All the windows of something that owes.</summary>
public static class Maintenance
{
    /// <summary>So many windows may follow on each other without a gap.</summary>
    const int MostInARow = 400;

    /// <summary>The first instant from <paramref name="at"/> on that lies in no window.</summary>
    public static DateTimeOffset MoveOut(IReadOnlyList<MaintenanceWindow> windows, DateTimeOffset at)
    {
        for (var n = 0; n < MostInARow && EndAround(windows, at) is { } end; n++)
        {
            at = end;
        }

        return at;
    }

    /// <summary>The latest end of the windows that hold <paramref name="at"/>; null when none does.</summary>
    public static DateTimeOffset? EndAround(IReadOnlyList<MaintenanceWindow> windows, DateTimeOffset at)
    {
        DateTimeOffset? latest = null;
        foreach (var window in windows)
        {
            if (window.EndAround(at) is { } end && (latest is null || end > latest))
            {
                latest = end;
            }
        }

        return latest;
    }

    /// <summary>
    /// The next arrival that is owed: a fire time of a cron expression within a window is left out, any other expectation
    /// waits for the end of the window.
    /// </summary>
    public static DateTimeOffset? DueAfter(IReadOnlyList<MaintenanceWindow> windows, TimedSchedule schedule, DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null)
    {
        var due = schedule.DueAfter(lastArrival, declaredNext);
        if (schedule is not CronSchedule || windows.Count == 0)
        {
            return due is { } at ? MoveOut(windows, at) : null;
        }

        for (var n = 0; n < MostInARow; n++)
        {
            if (due is null || EndAround(windows, due.Value) is not { } end)
            {
                return due;
            }

            due = schedule.DueAfter(end.AddTicks(-1));
        }

        return null;
    }
}
