using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Looks at series whose deadline has come: most have had their mails and only move on in the due index.</summary>
public sealed class SeriesLookout(ITables tables, SeriesRows series, DueIndex due, SeriesTeller teller) : IDueHandler
{
    public const string DueKind = "series";

    public string Kind => DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var tooEarly = new List<DueRow>();
        foreach (var tenant in rows.GroupBy(row => row.Item.Tenant, StringComparer.Ordinal))
        {
            var turned = new List<SeriesRow>();
            foreach (var row in tenant.DistinctBy(row => row.Item.Id, StringComparer.Ordinal))
            {
                var (before, after) = await LookAsync(row, tick.Now, cancellationToken);
                if (before?.State.IndexedAt > row.Item.Deadline.ToUnixTimeMilliseconds() && row.IsFresh(tick.Now))
                {
                    tooEarly.Add(row);
                }

                if (after?.State.Turn > after?.State.ToldTurn)
                {
                    turned.Add(after);
                }
            }

            await teller.TellAsync(tenant.Key, turned, tick.Now, tick.IsCatchUp, cancellationToken);
        }

        return tooEarly;
    }

    /// <summary>The series before and as it stands now; the index row that brought us here is about to go, so the next look gets its own.</summary>
    async Task<(SeriesRow? Before, SeriesRow? After)> LookAsync(DueRow item, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await series.ReadAsync(item.Item.Tenant, item.Item.Id, cancellationToken) is { } row)
        {
            var state = row.State.SettledTo(now);
            var isGone = row.State.IndexedAt <= now.ToUnixTimeMilliseconds();
            if (isGone)
            {
                var next = state.NextLook;
                state = state with { IndexedAt = next is { } at ? DueIndex.IndexedAt(at, now).ToUnixTimeMilliseconds() : long.MaxValue };
                await due.AddAsync(next is { } look ? [row.Due(look)] : [], now, cancellationToken);
            }

            if (!isGone && state.Turn == row.State.Turn)
            {
                return (row, row);
            }

            var result = await tables.WriteAsync(Tables.Series, series.Write(row with { State = state }), cancellationToken);
            if (result.IsDone)
            {
                return (row, row with { State = state, ETag = result.ETags[0] });
            }
        }

        return default;
    }
}
