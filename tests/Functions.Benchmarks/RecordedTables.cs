using System.Collections.Concurrent;
using System.Diagnostics;
using Watchdesk.Clients;

namespace Watchdesk.Benchmarks;

/// <summary>Passes calls on and keeps them, to count them and to make each of them once more, alone.</summary>
sealed class RecordedTables(ITables inner) : ITables
{
    ConcurrentQueue<Call> _calls = [];

    public sealed record Call(string Table, int Rows, (string Partition, string Row, IReadOnlyList<string>? Select)? Read, TableQuery? Query, IReadOnlyList<TableWrite>? Writes);

    public IReadOnlyCollection<Call> Calls => _calls;

    public void Reset() => _calls = [];

    public Task CreateTableAsync(string table, CancellationToken cancellationToken) => inner.CreateTableAsync(table, cancellationToken);

    public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default)
    {
        var row = await inner.GetAsync(table, partitionKey, rowKey, select, cancellationToken);
        _calls.Enqueue(new Call(table, row is null ? 0 : 1, (partitionKey, rowKey, select), null, null));
        return row;
    }

    public async Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken)
    {
        var page = await inner.QueryAsync(query, cancellationToken);
        _calls.Enqueue(new Call(query.Table, page.Rows.Count, null, query, null));
        return page;
    }

    public async Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        var result = await inner.WriteAsync(table, writes, cancellationToken);
        _calls.Enqueue(new Call(table, writes.Count, null, null, writes));
        return result;
    }

    /// <summary>
    /// The sum of the recorded calls, each made again with nothing else under way. What they deleted is put back first;
    /// conditions on a version, and inserts of what is there by now, are made unconditional: they cost the service the same.
    /// </summary>
    public async Task<TimeSpan> TimeAloneAsync()
    {
        foreach (var (table, row) in _calls.SelectMany(call => (call.Writes ?? []).Where(write => write.Verb == TableVerb.Delete).Select(write => (call.Table, write.Row))))
        {
            await inner.WriteAsync(table, [TableWrite.UpsertMerge(row)], default);
        }

        var sum = TimeSpan.Zero;
        foreach (var call in _calls)
        {
            IReadOnlyList<TableWrite>? writes = call.Writes is null ? null : [.. call.Writes.Select(Unconditional)];
            var since = Stopwatch.GetTimestamp();
            await AgainAsync(call, writes);
            sum += Stopwatch.GetElapsedTime(since);
        }

        return sum;
    }

    Task AgainAsync(Call call, IReadOnlyList<TableWrite>? writes) =>
        writes is not null ? inner.WriteAsync(call.Table, writes, default)
        : call.Query is { } query ? inner.QueryAsync(query, default)
        : inner.GetAsync(call.Table, call.Read!.Value.Partition, call.Read.Value.Row, call.Read.Value.Select);

    static TableWrite Unconditional(TableWrite write) => write.Verb switch
    {
        TableVerb.Insert => TableWrite.UpsertMerge(write.Row),
        _ when write.ETag is not null => write with { ETag = "*" },
        _ => write,
    };
}
