using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>Sends once more what could not be sent through a channel, when somebody has put that right.</summary>
public sealed class RetryNotices(NoticeStore notices, DueIndex due, Outbox outbox, TimeProvider clock)
{
    /// <summary>So many of the tenant's newest deliveries are looked at.</summary>
    public const int Looked = 200;

    /// <summary>The newest deliveries through a channel, newest first.</summary>
    public async Task<IReadOnlyList<Delivery>> ListAsync(string tenant, string channel, CancellationToken cancellationToken)
    {
        var (all, _) = await notices.ListAsync(tenant, Looked, null, cancellationToken);
        return [.. all.Where(delivery => delivery.Recipient.Channel == channel)];
    }

    /// <summary>How many failed ones are on their way again. The due row is there before the delivery relies on it.</summary>
    public async Task<int> AgainAsync(string tenant, string channel, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failed = (await ListAsync(tenant, channel, cancellationToken)).Where(delivery => delivery.State == DeliveryState.Failed)
            .Select(delivery => delivery with { State = DeliveryState.Waiting, NextAt = now, ClaimedUntil = default }).ToList();
        if (failed.Count == 0)
        {
            return 0;
        }

        await due.AddAsync([.. failed.Select(delivery => DeliveryDesk.Due(delivery, now)).Distinct()], now, cancellationToken);
        var again = await notices.UpdateAsync(failed, cancellationToken);
        await outbox.CallAsync(tenant, [.. again.Select(delivery => delivery.Key.Text).Distinct()], now, cancellationToken);
        return again.Count;
    }
}
