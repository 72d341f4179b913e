using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>What people do with one incident: who has it, how it ends, what is said of it.</summary>
public sealed class IncidentActions(IncidentStore store, IncidentLists lists, IncidentWriter writer, DueIndex due)
{
    public const string ExpiryKind = "ackexpiry";

    /// <summary>The caller takes it for a time; then it goes back to nobody and reminders go on.</summary>
    /// <param name="until">When it goes back to nobody; null for never.</param>
    /// <param name="expected">ETag that the caller saw; null for any.</param>
    public async Task<ActionResult> AcknowledgeAsync(Caller caller, string id, DateTimeOffset? until, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (until is { } end)
        {
            await due.AddAsync([new DueItem(ExpiryKind, caller.Tenant, id, end)], now, cancellationToken);
        }

        return await GiveAsync(caller, id, "acknowledged", new Ownership(caller.Id, caller.Name, null, until), expected, now, cancellationToken);
    }

    /// <summary>To the caller, to somebody else, or to nobody. Who is given it by another is told.</summary>
    public Task<ActionResult> AssignAsync(Caller caller, string id, Ownership to, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(to);
        return GiveAsync(caller, id, to.Id.Length == 0 ? "released" : "assigned", to, expected, now, cancellationToken);
    }

    Task<ActionResult> GiveAsync(Caller caller, string id, string kind, Ownership to, string? expected, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ChangeAsync(caller.Tenant, id, expected, now, incident => !incident.IsOpen ? null : new Act(
            Ownership.Give(incident, to, now),
            new HistoryEntry(kind, now, caller.Name, Ownership.Told(incident, to, caller.Name)),
            to.Id.Length > 0 && to.Id != caller.Id ? NoticeKind.Assigned : null), cancellationToken);

    public Task<ActionResult> ResolveAsync(Caller caller, string id, string reason, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return writer.ChangeAsync(caller.Tenant, id, expected, now, incident => !incident.IsOpen ? null : new Act(
            IncidentChanges.ResolveBy(incident, caller.Name, reason, now),
            new HistoryEntry("resolved", now, caller.Name, reason)), cancellationToken);
    }

    public Task<ActionResult> CommentAsync(Caller caller, string id, string text, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return writer.ChangeAsync(caller.Tenant, id, expected, now, incident => new Act(incident, new HistoryEntry("comment", now, caller.Name, text)), cancellationToken);
    }

    /// <summary>Opens again what was resolved, with the causes that are still there. Who was told that it is over is told.</summary>
    public Task<ActionResult> ReopenAsync(Caller caller, string id, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return writer.ChangeAsync(caller.Tenant, id, expected, now, async incident => incident.IsOpen || incident.MergedInto.Length > 0 ? null : Alone(incident, new Act(
            incident with { IsOpen = true, ResolvedAt = null, Resolution = "", ResolvedBy = "", Causes = await CausesAsync(caller.Tenant, incident, cancellationToken), ChangedAt = now },
            new HistoryEntry("reopened", now, caller.Name, "Opened again. It stays open until its causes are gone or somebody completes it."),
            incident.Told is null ? null : NoticeKind.Opened)), cancellationToken);
    }

    /// <summary>Takes back the last change of hands, or the end of it.</summary>
    public async Task<ActionResult> UndoAsync(Caller caller, string id, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await store.GetAsync(caller.Tenant, id, cancellationToken) is { IsOpen: false })
        {
            return await ReopenAsync(caller, id, expected, now, cancellationToken);
        }

        return await writer.ChangeAsync(caller.Tenant, id, expected, now, incident => Ownership.Undo(incident, now) is not { } before || !incident.IsOpen ? null : new Act(
            before,
            new HistoryEntry(before.IsOwned ? "assigned" : "released", now, caller.Name, $"Undone. {(before.IsOwned ? $"{before.OwnerName} has it again." : "Nobody has it.")}")), cancellationToken);
    }

    /// <summary>An acknowledgement has ended and it is still open: nobody has it, and people hear of it again.</summary>
    public Task<ActionResult> ReleaseAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ChangeAsync(tenant, id, null, now, incident => incident is not { IsOpen: true, OwnedUntil: { } until } || until > now ? null : new Act(
            Ownership.Give(incident, Ownership.Nobody, now) with { Prior = null },
            new HistoryEntry("released", now, HistoryEntry.Desk, $"The acknowledgement of {incident.OwnerName} has ended. Nobody has it, and reminders go on."),
            NoticeKind.Reminder), cancellationToken);

    /// <summary>Nobody has it still: people hear of it again.</summary>
    public Task<ActionResult> RemindAsync(string tenant, string id, TimeSpan every, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ChangeAsync(tenant, id, null, now, incident => Reminder.NextAt(incident, every) is not { } at || at > now ? null : new Act(
            Reminder.Told(incident, now),
            new HistoryEntry("reminded", now, HistoryEntry.Desk, $"Nobody has it: reminder {incident.Reminders + 1} of {Reminder.Most}."),
            NoticeKind.Reminder), cancellationToken);

    /// <summary>A silence that hid it is over.</summary>
    public Task<ActionResult> UnsilenceAsync(string tenant, string id, Silence silence, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ChangeAsync(tenant, id, null, now, incident => !incident.IsOpen || !silence.Hides(incident) || incident.Told >= incident.Severity ? null : new Act(
            incident,
            new HistoryEntry("unsilenced", now, HistoryEntry.Desk, $"The silence {silence} has ended, and it is still open."))
        { Grouped = "a silence has ended." }, cancellationToken);

    /// <summary>The subjects of an incident and of what was merged into it, as they stand now, by the keys of their rows.</summary>
    public async Task<IReadOnlyDictionary<string, SubjectState>> SubjectsAsync(string tenant, Incident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var records = await lists.SignalsAsync(tenant, incident, SignalRecord.Most, null, cancellationToken);
        var book = await store.ReadAsync(tenant, SignalList.Of(records.Items.Select(record => record.Subject)), cancellationToken);
        return book.Subjects.Where(pair => pair.Value.Incident == incident.Id || incident.Merged.Contains(pair.Value.Incident, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
    }

    async Task<Causes> CausesAsync(string tenant, Incident incident, CancellationToken cancellationToken) =>
        (await SubjectsAsync(tenant, incident, cancellationToken)).Values.Aggregate(default(Causes), (causes, state) => causes.With(null, state.Severity));

    static ActTogether Alone(Incident before, Act act) => new([(before, act)], [], []);
}
