using System.Numerics;
using Watchdesk.Clients;

namespace Watchdesk.Incidents.Search;

/// <summary>
/// On which days of a month a word stands: PK <c>{tenant}~{yyyyMM}~{first two letters}</c>, RK the word → one bit a day. A search reads a row a
/// month, and then only days that have all of its words.
/// </summary>
public sealed class WordDays(ITables tables)
{
    const string Bits = "Days";

    public static string Month(string day) => day[..6];

    public static int Count(int days) => BitOperations.PopCount((uint)days);

    public static int Bit(int dayOfMonth) => 1 << dayOfMonth;

    /// <summary>Before the first pair of the words on that day is written.</summary>
    /// <param name="keys">At most 100, which begin alike.</param>
    public async Task AddAsync(string tenant, string day, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var (partition, bit) = (WordIndex.Partition(tenant, Month(day), keys[0]), Bit(int.Parse(day[6..], System.Globalization.CultureInfo.InvariantCulture)));
        while (true)
        {
            var rows = await Task.WhenAll(keys.Select(key => tables.GetAsync(Tables.Words, partition, key, cancellationToken: cancellationToken)));
            TableWrite[] writes = [.. keys.Zip(rows).Where(pair => pair.Second is null || (pair.Second.Number(Bits) & bit) == 0).Select(pair => Write(partition, pair.First, pair.Second, bit))];
            if (writes.Length == 0 || (await tables.WriteAsync(Tables.Words, writes, cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    /// <summary>A bit for each day of the month that has the word, or a word that begins so.</summary>
    public async Task<int> ReadAsync(string tenant, string month, string word, bool isPrefix, CancellationToken cancellationToken)
    {
        var key = SearchWords.Key(word);
        var partition = WordIndex.Partition(tenant, month, key);
        if (!isPrefix)
        {
            return (int)(await tables.GetAsync(Tables.Words, partition, key, [Bits], cancellationToken) is { } row ? row.Number(Bits) : 0);
        }

        var page = await tables.QueryAsync(TableQuery.Prefix(Tables.Words, partition, key) with { Select = [Bits] }, cancellationToken);
        return page.Rows.Aggregate(0, (days, row) => days | (int)row.Number(Bits));
    }

    static TableWrite Write(string partition, string key, TableRow? known, int bit)
    {
        var row = new TableRow(partition, key) { ["V"] = 1, [Bits] = (int)(known?.Number(Bits) ?? 0) | bit };
        return known is null ? TableWrite.Insert(row) : TableWrite.Merge(row, known.ETag ?? "*");
    }
}
