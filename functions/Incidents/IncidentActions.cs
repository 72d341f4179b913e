using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>What came of an action.</summary>
public enum ActionOutcome
{
    Done,
    NotFound,

    /// <summary>It changed since the caller looked.</summary>
    Changed,

    /// <summary>It is resolved; only comments are taken.</summary>
    Closed,
}

public sealed record ActionResult(ActionOutcome Outcome, Incident? Incident = null);

/// <summary>What people do with an incident. The same way out as signals: one transaction with the outbox row.</summary>
public sealed class IncidentActions(IncidentStore store, ChannelStore channels, Outbox outbox, IncidentRetention retention, Reminders reminders, DueIndex due)
{
    public const string ExpiryKind = "ackexpiry";
    const int MaxAttempts = 10;

    /// <param name="until">When it goes back to nobody; null for never.</param>
    /// <param name="expected">ETag that the caller saw; null for any.</param>
    public async Task<ActionResult> AcknowledgeAsync(Caller caller, string id, DateTimeOffset? until, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (until is { } end)
        {
            await due.AddAsync([new DueItem(ExpiryKind, caller.Tenant, id, end)], now, cancellationToken);
        }

        return await ChangeAsync(caller.Tenant, id, expected, now, incident => !incident.IsOpen ? null : new Act(
            incident with { Owner = caller.Id, OwnerName = caller.Name, OwnedUntil = until, ChangedAt = now },
            new HistoryEntry("acknowledged", now, caller.Name, $"{caller.Name} has it{(until is { } at ? $" until {NoticeText.At(at)}" : "")}.")), cancellationToken);
    }

    public Task<ActionResult> ResolveAsync(Caller caller, string id, string reason, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return ChangeAsync(caller.Tenant, id, expected, now, incident => !incident.IsOpen ? null : new Act(
            IncidentChanges.ResolveBy(incident, caller.Name, reason, now),
            new HistoryEntry("resolved", now, caller.Name, reason)), cancellationToken);
    }

    public Task<ActionResult> CommentAsync(Caller caller, string id, string text, string? expected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return ChangeAsync(caller.Tenant, id, expected, now, incident => new Act(incident, new HistoryEntry("comment", now, caller.Name, text)), cancellationToken);
    }

    /// <summary>An acknowledgement has ended and it is still open: nobody has it, and people hear of it again.</summary>
    public Task<ActionResult> ReleaseAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, null, now, incident => incident is not { IsOpen: true, OwnedUntil: { } until } || until > now ? null : new Act(
            incident with { Owner = "", OwnerName = "", OwnedUntil = null, ChangedAt = now },
            new HistoryEntry("released", now, HistoryEntry.Desk, $"The acknowledgement of {incident.OwnerName} has ended."),
            NoticeKind.Reminder), cancellationToken);

    /// <summary>Nobody has it still: people hear of it again.</summary>
    public Task<ActionResult> RemindAsync(string tenant, string id, TimeSpan every, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, null, now, incident => Reminder.NextAt(incident, every) is not { } at || at > now ? null : new Act(
            Reminder.Told(incident, now),
            new HistoryEntry("reminded", now, HistoryEntry.Desk, $"Nobody has it: reminder {incident.Reminders + 1} of {Reminder.Most}."),
            NoticeKind.Reminder), cancellationToken);

    /// <param name="decide">Null when it cannot be done any more.</param>
    async Task<ActionResult> ChangeAsync(string tenant, string id, string? expected, DateTimeOffset now, Func<Incident, Act?> decide, CancellationToken cancellationToken)
    {
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

            if (decide(incident) is not { } act)
            {
                return new ActionResult(ActionOutcome.Closed, incident);
            }

            var known = await channels.ListForAsync(tenant, incident.Audience, cancellationToken);
            if (await WriteAsync(tenant, incident, act, known, now, cancellationToken) is { } after)
            {
                return new ActionResult(ActionOutcome.Done, after);
            }
        }

        return new ActionResult(ActionOutcome.Changed);
    }

    async Task<Incident?> WriteAsync(string tenant, Incident before, Act act, IReadOnlyList<Channel> known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var change = new Change(before, act.After);
        var (after, entry) = ChangeOutcome.Of(tenant, change, [act.Line], known, now, act.Forced);
        await outbox.AnnounceAsync(tenant, [entry!], now, cancellationToken);
        change = change with { After = after };
        await retention.AnnounceAsync(tenant, [change], now, cancellationToken);
        await reminders.AnnounceAsync(tenant, [change], now, cancellationToken);
        if (!await store.CommitAsync(tenant, change, entry, cancellationToken))
        {
            return null;
        }

        await outbox.ExpandAsync(tenant, [entry!], now, cancellationToken);
        return await store.GetAsync(tenant, before.Id, cancellationToken);
    }

    /// <summary>What a caller sends back as If-Match.</summary>
    public static string Tag(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return $"\"{Clients.Keys.Hash(incident.ETag)[..16]}\"";
    }

    sealed record Act(Incident After, HistoryEntry Line, NoticeKind? Forced = null);
}
