using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>What people do with a series.</summary>
public sealed class SeriesDesk(ITables tables, SeriesRows series, SeriesTeller teller, EventLog log)
{
    /// <summary>Nothing is owed any more, until a mail with a schedule tag comes. Null when there is no such series.</summary>
    public async Task<SeriesRow?> EndAsync(Caller caller, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (SeriesRows.IsId(id) && await series.ReadAsync(caller.Tenant, id, cancellationToken) is { } row)
        {
            if (!row.State.IsEnded)
            {
                row = row with { State = row.State.End(now) };
                await log.AppendRowsAsync(caller.Tenant, [(Tables.Series, series.Write(row).Row)], cancellationToken);
                var result = await tables.WriteAsync(Tables.Series, series.Write(row), cancellationToken);
                if (!result.IsDone)
                {
                    continue;
                }

                row = row with { ETag = result.ETags[0] };
            }

            await teller.TellAsync(caller.Tenant, row.State.Turn > row.State.ToldTurn ? [row] : [], now, isCatchUp: false, cancellationToken);
            return row;
        }

        return null;
    }
}
