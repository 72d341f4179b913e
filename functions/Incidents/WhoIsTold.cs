using Watchdesk.Clients;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>"Who would be told, and why?": the same steps as a real signal takes, without writing anything.</summary>
public sealed class WhoIsTold(IncidentStore store, ReachStore reach, NoticeStore notices)
{
    /// <param name="subject">Key of a subject; empty for one that nothing is known of.</param>
    public async Task<WhoAnswer> AskAsync(string tenant, Severity severity, string subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var signal = new Signal(subject.Length > 0 ? subject : "a new subject", "", long.MaxValue, severity, "", now);
        var item = new KeyedSignal(Keys.Hash(signal.Subject), signal);
        var book = await store.ReadAsync(tenant, [item], cancellationToken);
        var batch = new IncidentBatch(book, CallPlan.Of([item], book, isCatchUp: false, now), now);
        batch.TryApply(item);
        var change = batch.Changes.Single();
        var after = IncidentChanges.Settle(change.After, now);
        var decided = NoticePolicy.Decide(new NoticeCase(after, change.Grouped, await reach.ReadAsync(tenant, [after], now, cancellationToken), now));
        return new WhoAnswer(Words.Of(severity), subject.Length > 0 ? subject : null, change.Before?.Id, decided.Kind, decided.Recipients, decided.Reasons, change.Before is { } open ? await StandingAsync(tenant, open, now, cancellationToken) : []);
    }

    /// <summary>How far the last notice about an incident has got with each who is told.</summary>
    public async Task<IReadOnlyList<string>> StandingAsync(string tenant, Incident incident, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return NoticeKey.Read(incident.LastNotice) is { } key && await notices.ReadAsync(tenant, key, cancellationToken) is { } stored
            ? [.. stored.Deliveries.Select(delivery => DeliveryText.Of(delivery, now))]
            : [];
    }
}
