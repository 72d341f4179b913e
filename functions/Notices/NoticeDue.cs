using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>
/// Due kind <c>notice</c>: finishes what the outbox still holds, and calls the senders again for what still waits. It sends
/// nothing itself: a slow channel must not hold up the tick.
/// </summary>
public sealed partial class NoticeDue(Outbox outbox, NoticeStore notices, DueIndex due, ILogger<NoticeDue> log) : IDueHandler
{
    /// <summary>Looked at again while it waits, so that neither a lost message nor a dead sender loses it.</summary>
    static readonly TimeSpan NextLook = TimeSpan.FromMinutes(1);

    public string Kind => Outbox.DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var failed = new List<DueRow>();
        var waiting = new List<DueItem>();
        foreach (var row in rows.Where(row => NoticeKey.Read(row.Item.Id) is not null))
        {
            try
            {
                if (await StillWaitsAsync(row.Item, tick.Now, cancellationToken))
                {
                    waiting.Add(row.Item);
                }
            }
            catch (RemoteCallException e)
            {
                Log.Failed(log, row.Item.Id, e.Message);
                failed.Add(row);
            }
        }

        await due.AddAsync([.. waiting.Select(item => item with { Deadline = tick.Now + NextLook }).Distinct()], tick.Now, cancellationToken);
        foreach (var tenant in waiting.GroupBy(item => item.Tenant, item => item.Id))
        {
            await outbox.CallAsync(tenant.Key, [.. tenant.Distinct()], tick.Now, cancellationToken);
        }

        return failed;
    }

    /// <summary>A delivery that waits for a later try has a due row of its own.</summary>
    async Task<bool> StillWaitsAsync(DueItem item, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = NoticeKey.Read(item.Id)!;
        await outbox.FinishAsync(item.Tenant, key, now, cancellationToken);
        return await notices.ReadAsync(item.Tenant, key, cancellationToken) is { } stored
            && stored.Deliveries.Any(delivery => delivery.State == DeliveryState.Waiting && delivery.NextAt <= now);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Notice {Id} could not be looked at: {Reason}")]
        public static partial void Failed(ILogger log, string id, string reason);
    }
}
