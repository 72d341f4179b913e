using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents.Search;

/// <summary>Due kind <c>words-day</c>: the words of a day go with its mails, 90 days after its end; so does what is known of a month.</summary>
public sealed class WordRetention(ITables tables) : IDueHandler
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(90);
    const string DueKind = "words-day";
    const string First = "abcdefghijklmnopqrstuvwxyz0123456789";
    const string Second = First + ".-_:";
    const int AtOnce = 8;
    const int RowsAtOnce = 100;

    public string Kind => DueKind;

    public static DueItem Of(string tenant, string day) => new(DueKind, tenant, day, Begin(day).AddDays(1) + Keep);

    public static DueItem OfMonth(string tenant, string month) => new(DueKind, tenant, month, Begin(month + "01").AddMonths(1) + Keep);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            // Which beginnings a day has is not written down: all there can be are asked for, once.
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Beginnings(), limits, async (beginning, token) => await ForgetAsync(WordIndex.Partition(row.Item.Tenant, row.Item.Id, beginning), token));
        }

        return [];
    }

    static DateTimeOffset Begin(string day) => new(DateTime.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture), TimeSpan.Zero);

    async Task ForgetAsync(string partition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await tables.QueryAsync(new TableQuery(Tables.Words, partition, Select: ["RowKey"], Limit: RowsAtOnce), cancellationToken);
            if (page.Rows.Count > 0)
            {
                await tables.WriteAsync(Tables.Words, [.. page.Rows.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
            }

            if (page.Continuation is null)
            {
                return;
            }
        }
    }

    static IEnumerable<string> Beginnings() => First.SelectMany(first => Second.Select(second => $"{first}{second}")).Concat("0123456789abcdef".Select(hash => $":{hash}"));
}
