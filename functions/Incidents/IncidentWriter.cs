using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What came of an action.</summary>
public enum ActionOutcome
{
    Done,
    NotFound,

    /// <summary>It changed since the caller looked.</summary>
    Changed,

    /// <summary>It cannot be done with it as it is now, for example since it is resolved.</summary>
    Closed,
}

/// <param name="Why">Of what could not be done: a sentence, or null.</param>
public sealed record ActionResult(ActionOutcome Outcome, Incident? Incident = null, string? Why = null);

/// <summary>What somebody does to one incident.</summary>
/// <param name="Forced">Told whatever was told before.</param>
public sealed record Act(Incident After, HistoryEntry Line, NoticeKind? Forced = null)
{
    /// <summary>Why the policy is asked although neither state nor severity changes.</summary>
    public string Grouped { get; init; } = "";

    /// <summary>Nobody is told.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>Several acts that are one.</summary>
/// <param name="Subjects">Those that change hands, by the keys of their rows.</param>
/// <param name="Signals">Copied into the list of the incident named.</param>
public sealed record ActTogether(
    IReadOnlyList<(Incident? Before, Act Act)> Acts, IReadOnlyList<(string Key, SubjectState State)> Subjects, IReadOnlyList<(string Incident, SignalRecord Signal)> Signals);

/// <summary>Writes what people do with incidents. The same way out as signals: one transaction with the outbox rows.</summary>
public sealed class IncidentWriter(IncidentStore store, ReachStore reaches, Outbox outbox, IncidentRetention retention, Reminders reminders)
{
    const int MaxAttempts = 10;

    /// <param name="expected">ETag that the caller saw; null for any.</param>
    /// <param name="decide">Null when it cannot be done any more.</param>
    public async Task<ActionResult> ChangeAsync(string tenant, string id, string? expected, DateTimeOffset now, Func<Incident, Task<ActTogether?>> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);
        now = IncidentDesk.ToMilliseconds(now);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await store.GetAsync(tenant, id, cancellationToken) is not { } incident)
            {
                return new ActionResult(ActionOutcome.NotFound);
            }

            if (expected is not null && expected != Tag(incident))
            {
                return new ActionResult(ActionOutcome.Changed, incident);
            }

            if (await decide(incident) is not { } acts)
            {
                return new ActionResult(ActionOutcome.Closed, incident);
            }

            if (await WriteAsync(tenant, acts, now, cancellationToken) is { } stored)
            {
                return new ActionResult(ActionOutcome.Done, stored.First(changed => changed.Id == id));
            }
        }

        return new ActionResult(ActionOutcome.Changed);
    }

    public Task<ActionResult> ChangeAsync(string tenant, string id, string? expected, DateTimeOffset now, Func<Incident, Act?> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return ChangeAsync(tenant, id, expected, now, incident => Task.FromResult(decide(incident) is { } act ? new ActTogether([(incident, act)], [], []) : null), cancellationToken);
    }

    async Task<IReadOnlyList<Incident>?> WriteAsync(string tenant, ActTogether together, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reach = together.Acts.All(pair => pair.Act.IsQuiet) ? Reach.Nobody : await reaches.ReadAsync(tenant, [.. together.Acts.Select(pair => pair.Act.After)], now, cancellationToken);
        var changes = new List<Change>();
        var entries = new List<OutboxEntry>();
        foreach (var (before, act) in together.Acts)
        {
            var change = new Change(before, act.After) { Grouped = act.Grouped, IsQuiet = act.IsQuiet };
            var (after, entry) = ChangeOutcome.Of(tenant, change, [act.Line], reach, now, act.Forced);
            changes.Add(change with { After = after });
            entries.Add(entry!);
        }

        await outbox.AnnounceAsync(tenant, entries, now, cancellationToken);
        await retention.AnnounceAsync(tenant, changes, now, cancellationToken);
        await reminders.AnnounceAsync(tenant, changes, now, cancellationToken);
        var stored = await store.CommitAsync(tenant, changes, entries, together.Subjects, together.Signals, cancellationToken);
        if (stored is not null)
        {
            await outbox.ExpandAsync(tenant, entries, now, cancellationToken);
        }

        return stored;
    }

    /// <summary>What a caller sends back as If-Match.</summary>
    public static string Tag(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return $"\"{Clients.Keys.Hash(incident.ETag)[..16]}\"";
    }
}
