using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Schedules;

/// <summary>
/// The table of deadlines, by hour and shard. Write the index row before the state row that relies on it; a later
/// deadline writes nothing, the row comes due at its old one, is looked at and moves on.
/// </summary>
public sealed class DueIndex(ITables tables, IOptions<DeskOptions> options, TimeProvider clock)
{
    internal const int Schema = 1;
    const int TransactionRows = 100;
    const int PartitionsAtOnce = 4;

    /// <summary>Before the cursor may leave an hour, less 2 min for a writer whose clock is behind.</summary>
    static readonly TimeSpan WriterMargin = TickCursor.Margin - TimeSpan.FromMinutes(2);

    /// <summary>The cursor is known to stand.</summary>
    internal bool HasCursor { get; set; }

    internal int Shards => options.Value.DueShards;

    /// <summary>The instant at which a row for this deadline stands: whole milliseconds, never before <paramref name="now"/>. Keep it in the state row as <c>indexedAt</c>.</summary>
    public static DateTimeOffset IndexedAt(DateTimeOffset deadline, DateTimeOffset now) => DueKeys.Ceiling(deadline > now ? deadline : now);

    /// <summary>Inserts index rows (idempotent). A deadline in the past is inserted at <paramref name="now"/>.</summary>
    public async Task AddAsync(IReadOnlyList<DueItem> items, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            DueKeys.Check(item);
        }

        if (items.Count > 0 && !HasCursor)
        {
            // Before the first tick ever: it would begin at its own hour and leave these rows behind.
            await TickCursor.CreateAsync(tables, now, cancellationToken);
            HasCursor = true;
        }

        while (items.Count > 0)
        {
            await WriteAsync([.. items.Select(item => RowOf(item with { Deadline = IndexedAt(item.Deadline, now) }, now))], cancellationToken);

            // A writer that stalled may have written into an hour that the cursor has left.
            var (at, written) = (now, clock.GetUtcNow());
            items = [.. items.Where(item => DueKeys.HourOf(IndexedAt(item.Deadline, at)) < written - DueKeys.Hour - WriterMargin)];
            now = written;
        }
    }

    /// <summary>True when the row of this item stands.</summary>
    public async Task<bool> ContainsAsync(DueItem item, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Due, DueKeys.Partition(item, Shards), DueKeys.Row(item), ["RowKey"], cancellationToken) is not null;

    /// <summary>Those of the items for which a row stands between two instants, whatever its deadline.</summary>
    internal async Task<IReadOnlySet<DueItem>> FindAsync(IReadOnlyCollection<DueItem> items, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var wanted = items.ToLookup(item => item with { Deadline = default });
        var found = new HashSet<DueItem>();
        foreach (var shard in items.Select(item => DueKeys.Shard(item, Shards)).Distinct())
        {
            for (var hour = DueKeys.HourOf(from); hour <= to; hour += DueKeys.Hour)
            {
                await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Due, DueKeys.Partition(hour, shard), Before: DueKeys.After(to), Select: ["RowKey"]), cancellationToken))
                {
                    found.UnionWith(DueKeys.Parse(row.RowKey) is { } item ? wanted[item with { Deadline = default }] : []);
                }
            }
        }

        return found;
    }

    /// <summary>Inserts the rows again at a later instant; the old ones stay until they are removed.</summary>
    internal Task PushAsync(IReadOnlyList<DueRow> rows, DateTimeOffset until, CancellationToken cancellationToken) =>
        WriteAsync([.. rows.Select(row => RowOf(row.Item with { Deadline = until }, row.AddedAt, row.Tries + 1))], cancellationToken);

    /// <summary>One page of the rows of an hour and shard that are due at <paramref name="now"/>.</summary>
    internal async Task<DuePage> ReadAsync(string partition, DateTimeOffset now, string? continuation, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Due, partition, Before: DueKeys.After(now), Continuation: continuation), cancellationToken);
        var rows = new List<DueRow>(page.Rows.Count);
        foreach (var row in page.Rows)
        {
            // A key that is not ours stays where it is and holds nobody up.
            if (DueKeys.Parse(row.RowKey) is { } item)
            {
                rows.Add(new DueRow(item, row.PartitionKey, row.RowKey)
                {
                    ETag = row.ETag ?? "*",
                    AddedAt = row.Time("At") ?? DateTimeOffset.UnixEpoch,
                    Tries = (int)row.Number("Tries"),
                });
            }
        }

        return new DuePage(rows, page.Continuation);
    }

    /// <summary>Deletes rows that were handled; one that was written again or is gone already stays as it is.</summary>
    internal Task RemoveAsync(IReadOnlyList<DueRow> rows, CancellationToken cancellationToken) =>
        ByPartitionAsync([.. rows.Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey, row.ETag))], cancellationToken);

    TableWrite RowOf(DueItem item, DateTimeOffset addedAt, int tries = 0)
    {
        var row = new TableRow(DueKeys.Partition(item, Shards), DueKeys.Row(item)) { ["V"] = Schema, ["At"] = addedAt.ToUniversalTime() };
        if (tries > 0)
        {
            row["Tries"] = tries;
        }

        return TableWrite.UpsertMerge(row);
    }

    Task WriteAsync(IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        ByPartitionAsync([.. writes.DistinctBy(write => (write.Row.PartitionKey, write.Row.RowKey))], cancellationToken);

    async Task ByPartitionAsync(IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 1)
        {
            await tables.WriteAsync(Tables.Due, writes, cancellationToken);
            return;
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(writes.GroupBy(write => write.Row.PartitionKey), limits, async (partition, token) =>
        {
            foreach (var transaction in partition.Chunk(TransactionRows))
            {
                await ApplyAsync(transaction, token);
            }
        });
    }

    /// <summary>Only deletes are conditional: when one is refused the transaction is, and the others go one by one.</summary>
    async Task ApplyAsync(TableWrite[] transaction, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(Tables.Due, transaction, cancellationToken);
        if (!result.IsDone && transaction.Length > 1)
        {
            foreach (var write in transaction)
            {
                await tables.WriteAsync(Tables.Due, write, cancellationToken);
            }
        }
    }
}

sealed record DuePage(IReadOnlyList<DueRow> Rows, string? Continuation);
