using System.Collections.Concurrent;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Support;

/// <summary>
/// Tables in memory, held to the same contract tests as the REST client. Counts calls and rows, and lets a test fail
/// any write before it happens or after it was stored (a lost answer).
/// </summary>
public sealed class MemoryTables : ITables
{
    readonly ConcurrentDictionary<string, MemoryTable> tables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called before each write with its table; throw to refuse it.</summary>
    public Action<string, IReadOnlyList<TableWrite>>? BeforeWrite { get; set; }

    /// <summary>Called after each write that was stored; throw to lose the answer.</summary>
    public Action<string, IReadOnlyList<TableWrite>>? AfterWrite { get; set; }

    /// <summary>Called before each point read and query; throw to refuse it.</summary>
    public Action<string>? BeforeRead { get; set; }

    /// <summary>Calls and rows of all tables together since the last reset.</summary>
    public TableCounts Counts => tables.Values.Aggregate(new TableCounts(0, 0, 0, 0), (sum, table) => sum + table.Counts);

    public TableCounts CountsOf(string table) => Table(table).Counts;

    public void ResetCounts()
    {
        foreach (var table in tables.Values)
        {
            table.ResetCounts();
        }
    }

    /// <summary>Every row of a table in key order, uncounted: for assertions.</summary>
    public IReadOnlyList<TableRow> Rows(string table) => Table(table).All();

    public Task CreateTableAsync(string table, CancellationToken cancellationToken)
    {
        TableRules.CheckTable(table);
        cancellationToken.ThrowIfCancellationRequested();
        Table(table);
        return Task.CompletedTask;
    }

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default)
    {
        TableRules.CheckTable(table);
        TableRules.CheckKeys(partitionKey, rowKey);
        cancellationToken.ThrowIfCancellationRequested();
        BeforeRead?.Invoke(table);
        return Task.FromResult(Table(table).Get(partitionKey, rowKey, select));
    }

    public Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken)
    {
        TableRules.CheckQuery(query);
        cancellationToken.ThrowIfCancellationRequested();
        BeforeRead?.Invoke(query.Table);
        return Task.FromResult(Table(query.Table).Query(query));
    }

    public Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableRules.CheckWrites(table, writes);
        cancellationToken.ThrowIfCancellationRequested();
        BeforeWrite?.Invoke(table, writes);
        var result = Table(table).Write(writes);
        if (result.IsDone)
        {
            AfterWrite?.Invoke(table, writes);
        }

        return Task.FromResult(result);
    }

    MemoryTable Table(string name) => tables.GetOrAdd(name, _ => new MemoryTable());
}

/// <param name="Reads">Point reads and query pages.</param>
/// <param name="Writes">Single writes and transactions, refused ones too.</param>
public sealed record TableCounts(long Reads, long Writes, long RowsRead, long RowsWritten)
{
    public static TableCounts operator +(TableCounts a, TableCounts b) =>
        new(a.Reads + b.Reads, a.Writes + b.Writes, a.RowsRead + b.RowsRead, a.RowsWritten + b.RowsWritten);
}

sealed class MemoryTable
{
    readonly ConcurrentDictionary<string, MemoryPartition> partitions = new(StringComparer.Ordinal);
    long reads;
    long writes;
    long rowsRead;
    long rowsWritten;

    public TableCounts Counts => new(Volatile.Read(ref reads), Volatile.Read(ref writes), Volatile.Read(ref rowsRead), Volatile.Read(ref rowsWritten));

    public void ResetCounts()
    {
        Volatile.Write(ref reads, 0);
        Volatile.Write(ref writes, 0);
        Volatile.Write(ref rowsRead, 0);
        Volatile.Write(ref rowsWritten, 0);
    }

    public TableRow? Get(string partitionKey, string rowKey, IReadOnlyList<string>? select)
    {
        Interlocked.Increment(ref reads);
        var row = partitions.TryGetValue(partitionKey, out var partition) ? partition.Get(rowKey, select) : null;
        if (row is not null)
        {
            Interlocked.Increment(ref rowsRead);
        }

        return row;
    }

    public TablePage Query(TableQuery query)
    {
        Interlocked.Increment(ref reads);
        var page = partitions.TryGetValue(query.PartitionKey, out var partition) ? partition.Query(query) : new TablePage([], null);
        Interlocked.Add(ref rowsRead, page.Rows.Count);
        return page;
    }

    public TableResult Write(IReadOnlyList<TableWrite> batch)
    {
        Interlocked.Increment(ref writes);
        var key = batch[0].Row.PartitionKey;
        var result = partitions.GetOrAdd(key, static key => new MemoryPartition(key)).Write(batch);
        Interlocked.Add(ref rowsWritten, result.IsDone ? batch.Count : 0);
        return result;
    }

    public IReadOnlyList<TableRow> All() =>
        [.. partitions.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.All())];
}
