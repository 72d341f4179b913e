using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents.Search;

public enum FoundKind
{
    Mail,
    Incident,
}

/// <summary>What a word leads to. The id holds its time.</summary>
public readonly record struct Found(FoundKind Kind, string Id);

/// <summary>Something with the words that lead to it.</summary>
public sealed record Indexed(Found What, IReadOnlyList<string> Words);

/// <summary>
/// The table words: PK <c>{tenant}~{yyyyMMdd}~{first two letters}</c>, RK <c>{word}~{n}</c> → up to 1,000 ids. The row <c>~0000</c> grows; when it is full it is kept
/// as the next number and begins anew. What stands there already is not added again.
/// </summary>
public sealed class WordIndex(ITables tables, WordDays wordDays, DueIndex due, TimeProvider clock)
{
    public const int PerRow = 1000;
    const int PairBytes = 17;
    const int WordsAtOnce = 45;
    const int PartitionsAtOnce = 8;
    const string Head = "~0000";

    readonly Remembered<string> _announced = new(1000, TimeSpan.FromHours(1));

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Safe to repeat.</summary>
    public async Task AddAsync(string tenant, IReadOnlyList<Indexed> entries, CancellationToken cancellationToken)
    {
        var pairs = entries.SelectMany(entry => entry.Words.Select(word => (Day: Day(Keys.TimeOf(entry.What.Id)), Key: SearchWords.Key(word), entry.What))).ToArray();
        await AnnounceAsync(tenant, pairs.Select(pair => pair.Day).Distinct(StringComparer.Ordinal), cancellationToken);
        var partitions = pairs.GroupBy(pair => Partition(tenant, pair.Day, pair.Key), pair => (pair.Key, pair.What), StringComparer.Ordinal)
            .SelectMany(partition => partition.GroupBy(pair => pair.Key, pair => pair.What, StringComparer.Ordinal).Chunk(WordsAtOnce));
        var limits = new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(partitions, limits, async (part, token) => await AddAsync(tenant, Day(Keys.TimeOf(part[0].First().Id)), part, token));
    }

    /// <summary>What has the word that day, newest first; of a beginning of words, what has one of them. A word is one call, and two when it has more than a row.</summary>
    /// <param name="isPrefix">At least two letters of ASCII.</param>
    public async Task<(IReadOnlyList<Found> Found, int Calls)> ReadAsync(string tenant, string day, string word, bool isPrefix, CancellationToken cancellationToken)
    {
        var key = SearchWords.Key(word);
        var partition = Partition(tenant, day, key);
        var head = isPrefix ? null : await tables.GetAsync(Tables.Words, partition, key + Head, cancellationToken: cancellationToken);
        if (!isPrefix && (head is null || head.Number("Kept") == 0))
        {
            return ([.. Unpack(head?.Bytes("Ids") ?? []).OrderByDescending(what => what.Id, StringComparer.Ordinal)], 1);
        }

        var found = new HashSet<Found>();
        var query = TableQuery.Prefix(Tables.Words, partition, isPrefix ? key : key + "~") with { Select = ["RowKey", "Ids"] };
        await foreach (var row in tables.QueryAllAsync(query, cancellationToken))
        {
            found.UnionWith(Unpack(row.Bytes("Ids") ?? []));
        }

        return ([.. found.OrderByDescending(what => what.Id, StringComparer.Ordinal)], isPrefix ? 1 : 2);
    }

    async Task AddAsync(string tenant, string day, IGrouping<string, Found>[] words, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant, day, words[0].Key);
        while (true)
        {
            var heads = await Task.WhenAll(words.Select(word => tables.GetAsync(Tables.Words, partition, word.Key + Head, cancellationToken: cancellationToken)));
            string[] first = [.. words.Zip(heads).Where(pair => pair.Second is null).Select(pair => pair.First.Key)];
            if (first.Length > 0)
            {
                await wordDays.AddAsync(tenant, day, first, cancellationToken);
            }

            var writes = words.Zip(heads).SelectMany(pair => Writes(partition, pair.First, pair.Second)).ToList();
            if (writes.Count == 0 || (await tables.WriteAsync(Tables.Words, writes, cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    static IEnumerable<TableWrite> Writes(string partition, IGrouping<string, Found> word, TableRow? head)
    {
        var (ids, kept) = (Unpack(head?.Bytes("Ids") ?? []).ToList(), head?.Number("Kept") ?? 0);
        Found[] fresh = [.. word.Distinct().Except(ids)];
        if (fresh.Length == 0)
        {
            yield break;
        }

        if (ids.Count + fresh.Length > PerRow)
        {
            kept++;
            yield return TableWrite.Upsert(new TableRow(partition, string.Create(CultureInfo.InvariantCulture, $"{word.Key}~{kept:D4}")) { ["V"] = 1, ["Ids"] = Pack(ids) });
            ids.Clear();
        }

        var row = new TableRow(partition, word.Key + Head) { ["V"] = 1, ["Ids"] = Pack([.. ids, .. fresh.Take(PerRow)]), ["Kept"] = kept };
        yield return head is null ? TableWrite.Insert(row) : TableWrite.Merge(row, head.ETag ?? "*");
    }

    /// <summary>Before the first word of a day: its words go when its mails do, and what is known of a month when its last day does.</summary>
    async Task AnnounceAsync(string tenant, IEnumerable<string> days, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var day in days.Where(day => _announced.Get($"{tenant}~{day}", now) is null))
        {
            await due.AddAsync([WordRetention.Of(tenant, day), WordRetention.OfMonth(tenant, WordDays.Month(day))], now, cancellationToken);
            _announced.Set($"{tenant}~{day}", day, now);
        }
    }

    internal static string Partition(string tenant, string day, string key) => $"{tenant}~{day}~{key[..2]}";

    static byte[] Pack(IReadOnlyList<Found> ids)
    {
        var bytes = new byte[ids.Count * PairBytes];
        for (var n = 0; n < ids.Count; n++)
        {
            bytes[n * PairBytes] = (byte)ids[n].Kind;
            Convert.FromHexString(ids[n].Id, bytes.AsSpan((n * PairBytes) + 1, PairBytes - 1), out _, out _);
        }

        return bytes;
    }

    static IEnumerable<Found> Unpack(byte[] bytes) =>
        bytes.Chunk(PairBytes).Select(pair => new Found((FoundKind)pair[0], Convert.ToHexStringLower(pair.AsSpan(1))));
}
