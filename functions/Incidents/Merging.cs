using Watchdesk.Clients;

namespace Watchdesk.Incidents;

/// <summary>How incidents become one, and how signals leave one: what comes out, without writing it.</summary>
static class Merging
{
    /// <summary>Merged into one, also by way of others.</summary>
    public const int Most = 50;

    /// <summary>The one that stays. It keeps its name, and is as severe as the worst cause of both.</summary>
    public static Incident Into(Incident target, Incident source, DateTimeOffset now)
    {
        var merged = target with
        {
            Causes = target.Causes.And(source.Causes),
            Subjects = target.Subjects + source.Subjects,
            Since = source.Since < target.Since ? source.Since : target.Since,
            Orgs = source.Orgs.Aggregate(target.Orgs, IncidentChanges.With),
            Rules = StormAudience.Add(target.Rules, [.. source.Audience.Where(StormAudience.HasChannels)]),
            Merged = [.. target.Merged, source.Id, .. source.Merged],
            IsNewKind = target.IsNewKind || source.IsNewKind,
            WorstTold = target.WorstTold > source.WorstTold || source.WorstTold is null ? target.WorstTold : source.WorstTold,
            ChangedAt = now,
        };
        return merged.Causes.Worst is { } worst ? merged with { Severity = worst } : merged;
    }

    /// <summary>The one that goes: its subjects and signals belong to the target from now on.</summary>
    public static Incident Away(Incident source, Incident target, string by, DateTimeOffset now) =>
        IncidentChanges.ResolveBy(source, by, $"Merged into {target.Name}.", now) with { MergedInto = target.Id, Merged = [] };

    /// <summary>What is left without some subjects; over when nothing is.</summary>
    public static Incident Without(Incident incident, IReadOnlyCollection<SubjectState> taken, string by, DateTimeOffset now)
    {
        var causes = taken.Aggregate(incident.Causes, (left, state) => left.With(state.Severity, null));
        var left = incident with { Causes = causes, Subjects = Math.Max(incident.Subjects - taken.Count, 0), ChangedAt = now };
        return causes.Worst is { } worst ? left with { Severity = worst } : IncidentChanges.ResolveBy(left, by, "All its signals were taken out of it.", now);
    }

    /// <summary>An incident of its own for some signals, one of each subject and the newest first. What was told of them stays told.</summary>
    public static Incident Apart(Incident from, IReadOnlyList<(SignalRecord Signal, SubjectState State)> taken, DateTimeOffset now)
    {
        var worst = taken.MaxBy(pair => pair.State.Severity);
        var severity = worst.State.Severity ?? Severity.Warning;
        return new Incident
        {
            Id = Keys.NewId(now),
            Subject = worst.Signal.Subject,
            Name = taken.Count == 1 ? worst.Signal.Name : $"{worst.Signal.Name} and {taken.Count - 1} more",
            Reason = worst.Signal.Reason,
            Severity = severity,
            Host = worst.Signal.Host,
            Link = worst.Signal.Link,
            Since = taken.Min(pair => pair.Signal.At),
            OpenedAt = now,
            ChangedAt = now,
            Subjects = taken.Count,
            Signals = taken.Count,
            Causes = taken.Aggregate(default(Causes), (causes, pair) => causes.With(null, pair.State.Severity)),
            Orgs = taken.Aggregate((IReadOnlyList<string>)[], (orgs, pair) => IncidentChanges.With(orgs, pair.Signal.Org)),
            Told = from.Told is null ? null : severity < from.Told ? severity : from.Told,
            WorstTold = from.WorstTold,
        };
    }
}
