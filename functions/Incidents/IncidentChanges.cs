using System.Globalization;

namespace Watchdesk.Incidents;

/// <summary>How an incident changes with its signals.</summary>
public static class IncidentChanges
{
    public static Incident Open(string id, Signal signal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var severity = signal.Severity ?? Severity.Warning;
        return Describe(
            new Incident
            {
                Id = id,
                Subject = signal.Subject,
                Name = signal.Name,
                Reason = signal.Reason,
                Severity = severity,
                Since = signal.At,
                OpenedAt = now,
                Subjects = 1,
                Causes = default(Causes).With(null, severity),
            },
            signal);
    }

    /// <summary>A storm without subjects yet: they join it.</summary>
    public static Incident OpenStorm(string id, Signal worst, StormDecision storm, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(worst);
        ArgumentNullException.ThrowIfNull(storm);
        return new Incident
        {
            Id = id,
            IsStorm = true,
            Subject = worst.Subject,
            Name = Count(storm.Total, worst.Subject),
            Reason = $"{storm.Reason} For example {worst.Name}: {worst.Reason}",
            Severity = worst.Severity ?? Severity.Warning,
            Since = worst.At,
            OpenedAt = now,
            Advice = "Look for what they share: host, network, database, credentials, a release.",
        };
    }

    public static Incident Join(Incident storm, Signal signal, StormDecision decision)
    {
        ArgumentNullException.ThrowIfNull(storm);
        ArgumentNullException.ThrowIfNull(decision);
        var subjects = storm.Subjects + 1;
        return storm with
        {
            Subjects = subjects,
            Name = Math.Max(subjects, decision.Total) == 1 ? signal.Name : Count(Math.Max(subjects, decision.Total), storm.Subject),
            Causes = storm.Causes.With(null, Grouping.EffectiveSeverity(signal)),
            Orgs = With(storm.Orgs, signal.Org),
            IsNewKind = true,
            Since = signal.At < storm.Since ? signal.At : storm.Since,
        };
    }

    /// <param name="before">Severity that the subject had in this incident.</param>
    public static Incident Change(Incident incident, Signal signal, Severity? before)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var changed = incident with { Causes = incident.Causes.With(before, Grouping.EffectiveSeverity(signal)) };
        return incident.IsStorm || incident.Subject != signal.Subject ? changed with { Orgs = With(changed.Orgs, signal.Org) } : Describe(changed with { Name = signal.Name, Reason = signal.Reason }, signal);
    }

    /// <param name="before">Severity that the subject had in this incident.</param>
    public static Incident Recover(Incident incident, Signal signal, Severity? before)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(signal);
        return incident with
        {
            Causes = incident.Causes.With(before, null),
            IsFlapping = false,
            LastGoodAt = signal.LastGoodAt ?? incident.LastGoodAt,
            Resolution = incident.IsMany ? $"All {Count(incident.Subjects, incident.Subject)} are good again." : signal.Reason,
        };
    }

    /// <summary>What follows from its causes: as severe as the worst; resolved when none is left, also when somebody has it.</summary>
    public static Incident Settle(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident.Causes.Worst is { } worst
            ? incident with { Severity = worst, ChangedAt = now }
            : incident with { IsOpen = false, ResolvedAt = now, ChangedAt = now };
    }

    /// <summary>Ended by a person. Its subjects keep their turn, so that only a new one opens again.</summary>
    public static Incident ResolveBy(Incident incident, string by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident with { IsOpen = false, ResolvedAt = now, ChangedAt = now, Causes = default, Resolution = reason, ResolvedBy = by };
    }

    public static string Count(int subjects, string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var noun = subject.StartsWith("job:", StringComparison.Ordinal) ? "job" : "subject";
        return string.Create(CultureInfo.InvariantCulture, $"{subjects:N0} {noun}{(subjects == 1 ? "" : "s")}");
    }

    /// <summary>The paths with one more, bounded.</summary>
    public static IReadOnlyList<string> With(IReadOnlyList<string> orgs, string? org)
    {
        ArgumentNullException.ThrowIfNull(orgs);
        return org is not { Length: > 0 } || orgs.Count >= OrgPath.MaxOfIncident || orgs.Contains(org, StringComparer.Ordinal) ? orgs : [.. orgs, org];
    }

    static Incident Describe(Incident incident, Signal signal) => incident with
    {
        Host = signal.Host ?? "",
        Link = signal.Link ?? incident.Link,
        Advice = signal.Advice ?? incident.Advice,
        LastGoodAt = signal.LastGoodAt ?? incident.LastGoodAt,
        IsFlapping = signal.IsFlapping,
        Orgs = With(incident.Orgs, signal.Org),
    };
}
