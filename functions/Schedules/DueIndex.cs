using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>Something to look at when its deadline has come.</summary>
/// <param name="Kind">Which <see cref="IDueHandler"/> looks at it: job, notice, walk …</param>
public sealed record DueItem(string Kind, string Tenant, string Id, DateTimeOffset Deadline);

/// <summary>A due row as it was read; the engine deletes it after its handler returned.</summary>
public sealed record DueRow(DueItem Item, string PartitionKey, string RowKey);

/// <summary>Looks at due items of one kind. Writes the state row and the next index row itself, before it returns.</summary>
public interface IDueHandler
{
    string Kind { get; }

    /// <summary>Returns the rows that could not be handled: the engine pushes those a minute ahead and goes on.</summary>
    Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>The table of deadlines, by hour and shard.</summary>
public sealed class DueIndex(ITables tables)
{
    /// <summary>Inserts index rows (idempotent). A deadline in the past is inserted at <paramref name="now"/>.</summary>
    public Task AddAsync(IReadOnlyList<DueItem> items, DateTimeOffset now, CancellationToken cancellationToken) =>
        tables.CreateTableAsync(Tables.Due, cancellationToken);
}
