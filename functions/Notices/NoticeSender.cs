using Watchdesk.Hosting;

namespace Watchdesk.Notices;

/// <summary>
/// Sends what waits in the outbox: claims a delivery with a conditional write, sends it, marks it. A crash between repeats
/// the send with the same key; it never loses it, since a due row stands until the delivery is sent or has failed for good.
/// </summary>
public sealed class NoticeSender(NoticeStore notices, PersonChannels channels, PaceStore paces, DeliveryDesk desk, DeskOptions options, TimeProvider clock)
{
    /// <summary>Longer than any send.</summary>
    static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(2);

    /// <summary>A queue handler ends within 4 min 30 s; the rest waits for its due row.</summary>
    static readonly TimeSpan WorkTime = TimeSpan.FromMinutes(3);

    public async Task SendAsync(string tenant, IReadOnlyList<NoticeKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var start = clock.GetUtcNow();
        var waiting = new List<(Delivery Delivery, Notice Notice)>();
        foreach (var key in keys.Distinct())
        {
            if (await notices.ReadAsync(tenant, key, cancellationToken) is { } stored)
            {
                waiting.AddRange(stored.Deliveries.Where(delivery => delivery.State == DeliveryState.Waiting).Select(delivery => (delivery, stored.Notice)));
            }
        }

        var ready = waiting.Where(item => item.Delivery.IsFree(start) && item.Delivery.NextAt <= start);
        var byChannel = ready.GroupBy(item => item.Delivery.Recipient.Channel).Select(group => (Channel: group.Key, Items: group.OrderBy(item => item.Notice.At).ToList()));
        await Parallel.ForEachAsync(byChannel, cancellationToken, async (work, token) => await SendAsync(tenant, work.Channel, work.Items, start, token));
    }

    async Task SendAsync(string tenant, string channelId, List<(Delivery Delivery, Notice Notice)> waiting, DateTimeOffset start, CancellationToken cancellationToken)
    {
        if (await channels.GetAsync(tenant, channelId, cancellationToken) is not { IsEnabled: true } channel)
        {
            await desk.FailAsync(waiting, "The channel was removed or switched off before this could be sent.", cancellationToken);
            return;
        }

        var now = clock.GetUtcNow();
        if (channel.Batch is not null && waiting.Count > 1)
        {
            await SendOneAsync(channel, waiting, cancellationToken);
            return;
        }

        var pace = await paces.ReadAsync(tenant, channelId, cancellationToken);
        switch (pace.Plan(waiting.Count, now))
        {
            case Pacing.Wait:
                await desk.PostponeAsync(waiting, pace.FreeAt(now), "", cancellationToken);
                return;
            case Pacing.Digest:
                await SendOneAsync(channel, waiting, cancellationToken);
                return;
            default:
                await SendEachAsync(channel, waiting, start + WorkTime, cancellationToken);
                return;
        }
    }

    async Task SendEachAsync(Channel channel, List<(Delivery Delivery, Notice Notice)> waiting, DateTimeOffset until, CancellationToken cancellationToken)
    {
        for (var i = 0; i < waiting.Count; i++)
        {
            var stop = clock.GetUtcNow() > until ? clock.GetUtcNow() : await SendOneAsync(channel, [waiting[i]], cancellationToken);
            if (stop is { } next)
            {
                // A channel that just failed, or is full, is not asked again for each of the others.
                await desk.PostponeAsync(waiting[(i + 1)..], next, "", cancellationToken);
                return;
            }
        }
    }

    /// <summary>Sends one notice as it is, or several as a digest.</summary>
    /// <returns>When to go on with this channel; null for at once.</returns>
    async Task<DateTimeOffset?> SendOneAsync(Channel channel, List<(Delivery Delivery, Notice Notice)> waiting, CancellationToken cancellationToken)
    {
        if (!await paces.TakeAsync(channel.Tenant, channel.Id, cancellationToken))
        {
            var free = (await paces.ReadAsync(channel.Tenant, channel.Id, cancellationToken)).FreeAt(clock.GetUtcNow());
            await desk.PostponeAsync(waiting, free, "", cancellationToken);
            return free;
        }

        var claimed = await ClaimAsync(waiting, cancellationToken);
        if (claimed.Count == 0)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var message = claimed.Count == 1 ? One(claimed[0], now) : Digest.Of(claimed, options.PublicUrl, now);
        var result = await desk.TryAsync(channel, message, cancellationToken);
        return await desk.NoteAsync(channel, claimed, result, cancellationToken);
    }

    Message One((Delivery Delivery, Notice Notice) item, DateTimeOffset now) => new(
        item.Notice, item.Delivery.Id, $"{(item.Notice.Incident.Length > 0 ? item.Notice.Incident : "digest")}.{item.Delivery.Recipient.Channel}", options.PublicUrl, now);

    async Task<List<(Delivery Delivery, Notice Notice)>> ClaimAsync(List<(Delivery Delivery, Notice Notice)> waiting, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + ClaimTime;
        var claimed = await notices.ClaimAsync([.. waiting.Select(item => item.Delivery)], until, cancellationToken);
        return [.. claimed.Select(delivery => (delivery, waiting.First(item => item.Delivery.Id == delivery.Id).Notice))];
    }
}
