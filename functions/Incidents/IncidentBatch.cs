using Watchdesk.Clients;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>
/// Signals that are applied in one transaction: what they make of subjects and incidents, and what they leave in the outbox.
/// </summary>
public sealed class IncidentBatch(IncidentBook book, CallPlan plan, DateTimeOffset now)
{
    readonly Dictionary<string, (SubjectState? Before, SubjectState After)> subjects = new(StringComparer.Ordinal);
    readonly Dictionary<string, Change> changes = new(StringComparer.Ordinal);
    readonly List<(string Incident, KeyedSignal Item)> signals = [];

    /// <summary>The incident's row, two list rows and an outbox row.</summary>
    const int RowsOfIncident = 4;

    public IReadOnlyDictionary<string, (SubjectState? Before, SubjectState After)> Subjects => subjects;

    public IReadOnlyCollection<Change> Changes => changes.Values;

    /// <summary>What is added to the lists of signals.</summary>
    public IReadOnlyList<(string Incident, KeyedSignal Item)> Signals => signals;

    public DateTimeOffset At => now;

    public (SubjectState? Before, SubjectState After)? LatestStorm { get; private set; }

    public bool IsEmpty => subjects.Count == 0 && changes.Count == 0;

    int Rows => subjects.Count + signals.Count + (RowsOfIncident * changes.Count) + (LatestStorm is null ? 0 : 1);

    /// <summary>False when it has no room for this one.</summary>
    public bool TryApply(KeyedSignal item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var subject = book.SubjectOf(item.Key);
        var open = book.OpenFor(subject) is { } stored ? Current(stored) : null;
        var decision = Grouping.Decide(item.Signal, subject, open, plan.Storm);
        if (decision.What == Grouped.Ignored)
        {
            return true;
        }

        var target = decision.What == Grouped.Joins ? JoinedStorm : open;
        if (Rows + Cost(decision.What, target) > TableRules.MaxOperations)
        {
            return false;
        }

        Apply(item, subject, target, decision);
        return true;
    }

    int Cost(Grouped what, Incident? target)
    {
        var incident = what == Grouped.Noted || (target is not null && changes.ContainsKey(target.Id)) ? 0 : RowsOfIncident;
        return 2 + incident + (what is Grouped.Joins or Grouped.Opens && LatestStorm is null ? 1 : 0);
    }

    void Apply(KeyedSignal item, SubjectState? subject, Incident? target, GroupDecision decision)
    {
        var signal = item.Signal;
        var severity = Grouping.EffectiveSeverity(signal);
        var incident = decision.What switch
        {
            Grouped.Opens => IncidentChanges.Open(Keys.NewId(now), signal, now) with { IsNewKind = !(severity <= subject?.Worst) },
            Grouped.Joins => IncidentChanges.Join(target is null ? OpenStorm() : Grow(target), signal, plan.Storm),
            Grouped.Changes => IncidentChanges.Change(target!, signal, subject?.Severity) with { IsNewKind = target!.IsNewKind || severity > subject?.Worst },
            Grouped.Recovers => IncidentChanges.Recover(target!, signal, subject?.Severity),
            _ => null,
        };
        if (decision.What == Grouped.Opens)
        {
            LatestStorm = (book.LatestStorm, (LatestStorm?.After ?? book.LatestStorm ?? new SubjectState("", "", 0, null, now)).WithOpened(now));
        }

        if (incident is not null)
        {
            incident = Record(incident, item);
            var change = changes.GetValueOrDefault(incident.Id) ?? new Change(book.Incidents.GetValueOrDefault(incident.Id), incident);
            changes[incident.Id] = change with
            {
                After = incident,
                Grouped = decision.Reason,
                Joined = decision.What == Grouped.Joins ? [.. change.Joined, signal] : change.Joined,
            };
        }

        // Bad or flapping without an incident is nothing to remember but the turn.
        var state = new SubjectState(signal.Subject, incident?.Id ?? "", signal.Turn, incident is null ? null : severity, signal.At, subject?.ETag ?? "")
        {
            Worst = severity > subject?.Worst || subject?.Worst is null ? severity : subject.Worst,
        };
        subjects[item.Key] = (subject, state);
    }

    Incident Record(Incident incident, KeyedSignal item)
    {
        if (incident.Signals >= SignalRecord.Most)
        {
            return incident;
        }

        signals.Add((incident.Id, item));
        return incident with { Signals = incident.Signals + 1 };
    }

    /// <summary>What each changed incident comes to: its state, history, and who is told.</summary>
    public IReadOnlyList<OutboxEntry> Close(string tenant, Reach reach)
    {
        var entries = new List<OutboxEntry>(changes.Count);
        foreach (var (id, change) in changes.ToList())
        {
            var settled = IncidentChanges.Settle(change.After with { Hosts = HostGroup.Add(change.After.Hosts, change.Joined) }, now);
            var tally = plan.Tallies.GetValueOrDefault(id) ?? (settled.IsStorm && change.Before is null ? plan.NewStorm : null);
            var story = IncidentStory.Tell(change.Before, settled, tally, now);
            var late = StormAudience.Late(change.Before, settled, reach.Channels);
            var (after, entry) = late.Count == 0
                ? ChangeOutcome.Of(tenant, change with { After = settled, Hosts = tally?.Hosts }, story, reach, now)
                : ChangeOutcome.Of(tenant, change with { After = settled }, story, Reach.Nobody with { Channels = late, Silences = reach.Silences }, now, NoticeKind.Opened);
            changes[id] = change with { After = tally is null ? after : after with { LastCall = tally.Call } };
            if (entry is not null)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    Incident Current(Incident stored) => changes.TryGetValue(stored.Id, out var change) ? change.After : stored;

    Incident? JoinedStorm =>
        LatestStorm is { } latest && changes.TryGetValue(latest.After.Incident, out var opened) ? opened.After : book.Storm is { } storm ? Current(storm) : null;

    Incident Grow(Incident storm)
    {
        if (plan.Storm.Extends && LatestStorm is null && book.LatestStorm is { } latest && latest.At < now)
        {
            LatestStorm = (latest, latest with { Subject = IncidentBook.StormSubject, At = now });
        }

        return storm with { Rules = StormAudience.Add(storm.Rules, plan.Rules) };
    }

    Incident OpenStorm()
    {
        var storm = IncidentChanges.OpenStorm(Keys.NewId(now), plan.WorstOfStorm!, plan.Storm, now) with { Rules = StormAudience.Add([], plan.Rules) };
        LatestStorm = (book.LatestStorm, new SubjectState(IncidentBook.StormSubject, storm.Id, 0, null, now, book.LatestStorm?.ETag ?? ""));
        return storm;
    }
}

/// <summary>An incident before and after a transaction.</summary>
/// <param name="Before">Null for a new one.</param>
public sealed record Change(Incident? Before, Incident After)
{
    /// <summary>Why the signal belongs to it; empty when a person made the change.</summary>
    public string Grouped { get; init; } = "";

    /// <summary>Nobody is told.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Of a storm that opens: all its hosts, also those that come with its later parts.</summary>
    public IReadOnlyList<HostGroup>? Hosts { get; init; }

    /// <summary>Of a storm: who joined in this transaction.</summary>
    public IReadOnlyList<Signal> Joined { get; init; } = [];
}
