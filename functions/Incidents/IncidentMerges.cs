using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>Makes one incident of two, or takes signals out of one. What the desk grouped wrongly, people put right here.</summary>
public sealed class IncidentMerges(IncidentStore store, IncidentLists lists, IncidentActions actions, IncidentWriter writer)
{
    public const int MostAtOnce = 20;

    /// <exception cref="InvalidRequestException">The other one is gone, over or full.</exception>
    public async Task<ActionResult> MergeAsync(Caller caller, string id, string into, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var result = await writer.ChangeAsync(caller.Tenant, id, expected, now, async source =>
        {
            var target = await store.GetAsync(caller.Tenant, into, cancellationToken);
            if (id == into || target is not { IsOpen: true } || target.Merged.Count + source.Merged.Count >= Merging.Most)
            {
                throw new InvalidRequestException(id == into ? "into is another incident." : target is not { IsOpen: true } ? "into is the id of an open incident." : $"An incident takes in at most {Merging.Most} others.");
            }

            return !source.IsOpen ? null : new ActTogether(
                [
                    (source, new Act(Merging.Away(source, target, caller.Name, now), new HistoryEntry("merged", now, caller.Name, $"Merged into {target.Name}.")) { IsQuiet = true }),
                    (target, new Act(Merging.Into(target, source, now), new HistoryEntry("merged", now, caller.Name, $"{source.Name} was merged into this: {source.Reason}"))),
                ],
                [],
                []);
        }, cancellationToken);
        return result.Outcome == ActionOutcome.Done ? result with { Incident = await store.GetAsync(caller.Tenant, into, cancellationToken) } : result;
    }

    /// <summary>Some of its subjects become an incident of their own, or, when it is not <paramref name="isNew"/>, belong to none until they turn again.</summary>
    /// <returns>With the new incident, or the one that is left.</returns>
    /// <exception cref="InvalidRequestException">Not all of them are bad now and belong to it.</exception>
    public async Task<ActionResult> SplitAsync(Caller caller, string id, IReadOnlyList<string> subjects, bool isNew, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(subjects);
        var made = "";
        var result = await writer.ChangeAsync(caller.Tenant, id, expected, now, async incident =>
        {
            if (!incident.IsOpen)
            {
                return null;
            }

            var taken = await TakenAsync(caller.Tenant, incident, subjects, cancellationToken);
            var names = string.Join(", ", taken.Select(pair => pair.Signal.Name));
            var left = Merging.Without(incident, [.. taken.Select(pair => pair.State)], caller.Name, now);
            if (!isNew)
            {
                return new ActTogether(
                    [(incident, new Act(left, new HistoryEntry("unlinked", now, caller.Name, $"{names} does not belong to this.")) { IsQuiet = left.IsOpen })],
                    [.. taken.Select(pair => (Keys.Hash(pair.Signal.Subject), pair.State with { Incident = "", Severity = null }))], []);
            }

            var apart = Merging.Apart(incident, taken, now);
            made = apart.Id;
            return new ActTogether(
                [
                    (incident, new Act(left, new HistoryEntry("split", now, caller.Name, $"{names} is an incident of its own now.")) { IsQuiet = true }),
                    (null, new Act(apart, new HistoryEntry("opened", now, caller.Name, $"Taken out of {incident.Name}: {apart.Reason}")) { Grouped = $"It was taken out of {incident.Name}." }),
                ],
                [.. taken.Select(pair => (Keys.Hash(pair.Signal.Subject), pair.State with { Incident = apart.Id }))],
                [.. taken.Select(pair => (apart.Id, pair.Signal))]);
        }, cancellationToken);
        return result.Outcome == ActionOutcome.Done && made.Length > 0 ? result with { Incident = await store.GetAsync(caller.Tenant, made, cancellationToken) } : result;
    }

    async Task<IReadOnlyList<(SignalRecord Signal, SubjectState State)>> TakenAsync(string tenant, Incident incident, IReadOnlyList<string> subjects, CancellationToken cancellationToken)
    {
        var states = await actions.SubjectsAsync(tenant, incident, cancellationToken);
        var records = await lists.SignalsAsync(tenant, incident, SignalRecord.Most, null, cancellationToken);
        var taken = records.Items.DistinctBy(record => record.Subject, StringComparer.Ordinal).Where(record => subjects.Contains(record.Subject, StringComparer.Ordinal))
            .Select(record => (record, State: states.GetValueOrDefault(Keys.Hash(record.Subject)))).Where(pair => pair.State is { Severity: not null }).Select(pair => (pair.record, pair.State!)).ToList();
        return subjects.Count is > 0 and <= MostAtOnce && taken.Count == subjects.Distinct(StringComparer.Ordinal).Count()
            ? taken
            : throw new InvalidRequestException($"subjects are 1 to {MostAtOnce} keys of signals of this incident that are bad now.");
    }
}
