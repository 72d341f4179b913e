using Watchdesk.Clients;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>
/// Turns signals into incidents and notices. Every part is one transaction of subjects, incidents and outbox rows; when
/// somebody else was faster nothing is written, and the call is decided again on what is stored then.
/// </summary>
public sealed class IncidentDesk(IncidentStore store, ReachStore reach, Outbox outbox, IncidentRetention retention, Reminders reminders)
{
    /// <summary>Every refused attempt means that another call has gone on.</summary>
    const int MaxAttempts = 50;

    /// <summary>
    /// Applies the signals of one tenant that turned in one tick or message. Idempotent by subject and turn; when it
    /// returns, incidents and the notices they owe are stored.
    /// </summary>
    public Task TellAsync(string tenant, IReadOnlyList<Signal> signals, DateTimeOffset now, CancellationToken cancellationToken) =>
        TellAsync(tenant, signals, now, isCatchUp: false, cancellationToken);

    /// <param name="isCatchUp">The tick comes after more than 2 min without one: what it finds is told as one incident.</param>
    /// <exception cref="RemoteCallException">Storage failed; tell the same again.</exception>
    public async Task TellAsync(string tenant, IReadOnlyList<Signal> signals, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        var tidy = SignalList.Tidy(signals);
        if (tidy.Count == 0)
        {
            return;
        }

        now = ToMilliseconds(now);
        var told = new List<OutboxEntry>();
        var reaches = new Dictionary<string, Reach>(StringComparer.Ordinal);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var book = await store.ReadAsync(tenant, tidy, cancellationToken);
            if (await ApplyAsync(new Call(tenant, tidy, book, CallPlan.Of(tidy, book, isCatchUp, now), now), ReachAsync, told, cancellationToken))
            {
                await outbox.ExpandAsync(tenant, told, now, cancellationToken);
                return;
            }
        }

        throw new RemoteCallException("Tables", "incidents of one tenant", 412, "Busy", isTransient: true);

        async Task<Reach> ReachAsync(IReadOnlyList<Incident> incidents)
        {
            var rules = incidents.SelectMany(incident => incident.Audience).Where(StormAudience.HasChannels);
            var key = string.Join(' ', rules.Concat(incidents.SelectMany(incident => incident.Orgs)).Concat(incidents.Select(incident => incident.Owner)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            return reaches.TryGetValue(key, out var known) ? known : reaches[key] = await reach.ReadAsync(tenant, incidents, now, cancellationToken);
        }
    }

    async Task<bool> ApplyAsync(Call call, Func<IReadOnlyList<Incident>, Task<Reach>> reachOf, List<OutboxEntry> told, CancellationToken cancellationToken)
    {
        var batch = new IncidentBatch(call.Book, call.Plan, call.Now);
        foreach (var item in call.Signals)
        {
            if (!batch.TryApply(item))
            {
                if (!await CommitAsync(call, batch, reachOf, told, cancellationToken))
                {
                    return false;
                }

                batch = new IncidentBatch(call.Book, call.Plan, call.Now);
                batch.TryApply(item);
            }
        }

        return await CommitAsync(call, batch, reachOf, told, cancellationToken);
    }

    async Task<bool> CommitAsync(Call call, IncidentBatch batch, Func<IReadOnlyList<Incident>, Task<Reach>> reachOf, List<OutboxEntry> told, CancellationToken cancellationToken)
    {
        if (batch.IsEmpty)
        {
            return true;
        }

        var entries = batch.Close(call.Tenant, batch.Changes.Count > 0 ? await reachOf([.. batch.Changes.Select(change => change.After)]) : Reach.Nobody);
        await outbox.AnnounceAsync(call.Tenant, entries, call.Now, cancellationToken);
        await retention.AnnounceAsync(call.Tenant, batch.Changes, call.Now, cancellationToken);
        await reminders.AnnounceAsync(call.Tenant, batch.Changes, call.Now, cancellationToken);
        if (!await store.CommitAsync(call.Tenant, batch, call.Book, entries, cancellationToken))
        {
            return false;
        }

        told.AddRange(entries);
        return true;
    }

    /// <summary>Row keys and due rows hold milliseconds.</summary>
    internal static DateTimeOffset ToMilliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    sealed record Call(string Tenant, IReadOnlyList<KeyedSignal> Signals, IncidentBook Book, CallPlan Plan, DateTimeOffset Now);
}
