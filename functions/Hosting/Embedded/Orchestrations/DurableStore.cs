using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Reads and writes the rows of instances. Every change of an instance is one transaction on the ETag of its row.</summary>
sealed class DurableStore(ITables tables)
{
    const int TransactionRows = 100;

    public Task<DurablePartition?> ReadAsync(string id, CancellationToken cancellationToken) => ReadAsync(id, null, cancellationToken);

    /// <param name="known">Of the history, what need not be read again.</param>
    public async Task<DurablePartition?> ReadAsync(string id, KnownHistory? known, CancellationToken cancellationToken)
    {
        var rows = new List<TableRow>();
        var from = known is null ? DurableKeys.History : DurableKeys.HistoryRow(known.Execution, known.Turns, 0);
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Durable, id, From: from, Before: "r"), cancellationToken))
        {
            rows.Add(row);
        }

        var read = DurablePartition.Read(rows, known);
        return known is null || read?.Instance.ExecutionId == known.Execution ? read : await ReadAsync(id, null, cancellationToken);
    }

    public async Task<DurableInstance?> FindAsync(string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Durable, id, DurableInstance.RowKey, cancellationToken: cancellationToken) is { } row ? DurableInstance.Read(row) : null;

    public async Task<bool> ContainsAsync(string id, string rowKey, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Durable, id, rowKey, ["RowKey"], cancellationToken) is not null;

    /// <summary>False when there is such an instance, or it is not any more what was read.</summary>
    /// <param name="over">The ended instance whose id is used again.</param>
    public async Task<bool> CreateAsync(DurableInstance instance, Arrival started, DurableInstance? over, CancellationToken cancellationToken)
    {
        var write = over is null ? TableWrite.Insert(instance.ToRow()) : TableWrite.Replace(instance.ToRow(), over.ETag!);
        return (await tables.WriteAsync(Tables.Durable, [write, TableWrite.Upsert(DurablePartition.ArrivalRow(instance.Id, started))], cancellationToken)).IsDone;
    }

    /// <summary>What has arrived stays until a turn has taken it. The same key again changes nothing.</summary>
    public Task ArriveAsync(string id, Arrival arrival, CancellationToken cancellationToken) =>
        tables.WriteAsync(Tables.Durable, TableWrite.Insert(DurablePartition.ArrivalRow(id, arrival)), cancellationToken);

    /// <summary>Null when somebody else changed the instance since it was read.</summary>
    public async Task<DurableInstance?> LeaseAsync(DurableInstance instance, string owner, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var row = new TableRow(instance.Id, DurableInstance.RowKey) { ["Owner"] = owner, ["LeasedUntil"] = until };
        var result = await tables.WriteAsync(Tables.Durable, TableWrite.Merge(row, instance.ETag!), cancellationToken);
        return result.IsDone ? instance with { Owner = owner, LeasedUntil = until, ETag = result.ETags[0] } : null;
    }

    /// <summary>Writes a turn; null when the lease was lost, and then nothing of it is written.</summary>
    /// <param name="next">With the ETag of the lease.</param>
    public async Task<DurableInstance?> CommitAsync(DurableInstance next, IEnumerable<TableRow> rows, IEnumerable<string> taken, CancellationToken cancellationToken)
    {
        TableWrite[] writes = [TableWrite.Merge(next.ToRow(), next.ETag!), .. rows.Select(TableWrite.Upsert), .. taken.Select(key => TableWrite.Delete(next.Id, key))];
        var result = await tables.WriteAsync(Tables.Durable, writes, cancellationToken);
        return result.IsDone ? next with { ETag = result.ETags[0] } : null;
    }

    /// <summary>Deletes rows that nobody else deletes while the instance is leased.</summary>
    public async Task DropAsync(string id, IEnumerable<string> rowKeys, CancellationToken cancellationToken)
    {
        foreach (var keys in rowKeys.Chunk(TransactionRows))
        {
            var result = await tables.WriteAsync(Tables.Durable, [.. keys.Select(key => TableWrite.Delete(id, key))], cancellationToken);
            foreach (var key in result.IsDone ? [] : keys)
            {
                await tables.WriteAsync(Tables.Durable, TableWrite.Delete(id, key), cancellationToken);
            }
        }
    }

    public async Task PurgeAsync(string id, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Durable, id, From: DurableKeys.History, Before: "r", Select: ["RowKey"]), cancellationToken))
        {
            keys.Add(row.RowKey);
        }

        await DropAsync(id, keys, cancellationToken);
    }

    public Task SaveInputAsync(string id, string execution, int task, string input, CancellationToken cancellationToken)
    {
        var row = new TableRow(id, DurableKeys.Input(execution, task)) { ["V"] = 1 };
        Pieces.Set(row, 'P', System.Text.Encoding.UTF8.GetBytes(input));
        return tables.WriteAsync(Tables.Durable, TableWrite.Upsert(row), cancellationToken);
    }

    public async Task<string?> FindInputAsync(string id, string execution, int task, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Durable, id, DurableKeys.Input(execution, task), cancellationToken: cancellationToken) is { } row ? System.Text.Encoding.UTF8.GetString(Pieces.Get(row, 'P')) : null;
}
