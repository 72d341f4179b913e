using Watchdesk.Clients;

namespace Watchdesk.Mail;

/// <summary>
/// How many mails came. Of a day only keys are read, 1,000 at a time; the number of a day that is over is then kept in its row, until a
/// late mail makes that row anew.
/// </summary>
public sealed class MailCounts(ITables tables, TimeProvider clock)
{
    const int MaxDays = 400;
    const string Count = "Mails";

    /// <summary>Messages that were put off may still come for a day that is over.</summary>
    static readonly TimeSpan Late = TimeSpan.FromDays(2);

    public async Task<long> CountAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Tables.Mails, MailRows.Days(tenant), MailStore.DayKey(MailRows.Day(to)), MailStore.DayKey(MailRows.Day(from)) + "~", Limit: MaxDays);
        var counts = new List<long>();
        foreach (var row in (await tables.QueryAsync(query, cancellationToken)).Rows)
        {
            var day = row.RowKey.Split('~')[1];
            var begin = MailRetention.Begin(day);
            var isWhole = from <= begin && begin.AddDays(1) <= to;
            var isOver = begin.AddDays(1) + Late <= clock.GetUtcNow();
            counts.Add(isWhole && row[Count] is not null ? row.Number(Count) : await ReadAsync(tenant, day, from, to, cancellationToken));
            if (isWhole && isOver && row[Count] is null)
            {
                // With the version that was read: a mail that came meanwhile has made the row anew.
                await tables.WriteAsync(Tables.Mails, TableWrite.Merge(new TableRow(row.PartitionKey, row.RowKey) { [Count] = counts[^1] }, row.ETag ?? "*"), cancellationToken);
            }
        }

        return counts.Sum();
    }

    async Task<long> ReadAsync(string tenant, string day, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, end) = (Keys.NewestFirst(to.AddMilliseconds(-1), ""), Keys.NewestFirst(from, "~"));
        var count = 0L;
        await foreach (var _ in tables.QueryAllAsync(new TableQuery(Tables.Mails, MailRows.Partition(tenant, day), first, end, ["RowKey"]), cancellationToken))
        {
            count++;
        }

        return count;
    }
}
