namespace Watchdesk.Incidents;

/// <summary>When people hear again of a critical incident that nobody has: less and less often, and not for ever.</summary>
public static class Reminder
{
    /// <summary>After that many it is left to the daily digest.</summary>
    public const int Most = 10;

    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Counts from the instant at which it became critical without an owner, and from the start when that comes again.</summary>
    public static Incident Settle(Incident? before, Incident after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        return IsOwed(after)
            ? before is not null && IsOwed(before) ? after : after with { NobodySince = now, Reminders = 0, RemindedAt = null }
            : after with { NobodySince = null, Reminders = 0, RemindedAt = null };
    }

    /// <summary>After <paramref name="every"/>, then 2, 4, 8 … times as long, but at most a day or <paramref name="every"/>.</summary>
    /// <param name="every">Zero for never.</param>
    /// <returns>Null when none is owed any more.</returns>
    public static DateTimeOffset? NextAt(Incident incident, TimeSpan every)
    {
        ArgumentNullException.ThrowIfNull(incident);
        if (!IsOwed(incident) || incident.NobodySince is not { } since || every <= TimeSpan.Zero || incident.Reminders >= Most)
        {
            return null;
        }

        var longest = every > Day ? every : Day;
        var pause = every * (1 << incident.Reminders);
        return (incident.RemindedAt ?? since) + (pause < longest ? pause : longest);
    }

    public static Incident Told(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident with { Reminders = incident.Reminders + 1, RemindedAt = now };
    }

    public static bool IsOwed(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident is { IsOpen: true, IsOwned: false, Severity: Severity.Critical };
    }
}
