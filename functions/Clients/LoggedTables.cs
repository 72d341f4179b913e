namespace Watchdesk.Clients;

/// <summary>
/// Writes definitions to the event log as well: tenants, people, keys and channels, so that all of them can be brought
/// back. The row comes first: a write that is refused is no change. Jobs log themselves, before their row.
/// </summary>
public sealed class LoggedTables(ITables tables, EventLog log) : ITables
{
    const string Everybody = "main";
    const string PaceSuffix = "~pace";

    public Task CreateTableAsync(string table, CancellationToken cancellationToken) => tables.CreateTableAsync(table, cancellationToken);

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default) =>
        tables.GetAsync(table, partitionKey, rowKey, select, cancellationToken);

    public Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken) => tables.QueryAsync(query, cancellationToken);

    public async Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(table, writes, cancellationToken);
        if (!result.IsDone || table is not (Tables.Tenants or Tables.Users or Tables.Logins or Tables.ApiKeys or Tables.Channels or Tables.Pings))
        {
            return result;
        }

        foreach (var write in writes.Where(write => IsDefinition(table, write.Row)))
        {
            var tenant = write.Row.Text("Tenant") ?? Everybody;
            await (write.Verb == TableVerb.Delete
                ? log.AppendDeletedAsync(tenant, [(table, write.Row)], cancellationToken)
                : log.AppendRowsAsync(tenant, [(table, write.Row)], cancellationToken));
        }

        return result;
    }

    static bool IsDefinition(string table, TableRow row) => table switch
    {
        Tables.Pings => row.Text("Job") is null,
        Tables.Channels => !row.PartitionKey.EndsWith(PaceSuffix, StringComparison.Ordinal),
        _ => true,
    };
}
