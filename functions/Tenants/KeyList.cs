using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>
/// The keys of one tenant in one partition, <c>t~{tenant}</c> | <c>{kind}~{id}</c>, beside the rows by which they are
/// found. A key is listed before it works and works no more before it is off the list.
/// </summary>
sealed class KeyList(ITables tables, EventLog log)
{
    /// <param name="found">Table and row by which the key is found.</param>
    public async Task AddAsync(ApiKey key, string hash, (string Table, TableRow Row) found, CancellationToken cancellationToken)
    {
        var listed = ToRow(key, Partition(key.Tenant), RowKey(key.Kind, key.Id));
        listed["Hash"] = hash;
        await log.AppendRowsAsync(key.Tenant, [(Tables.ApiKeys, listed), found], cancellationToken);
        await tables.WriteAsync(Tables.ApiKeys, TableWrite.Upsert(listed), cancellationToken);
        await tables.WriteAsync(found.Table, TableWrite.Insert(found.Row), cancellationToken);
    }

    /// <param name="findRow">The row by which the key is found, from the hash that was listed.</param>
    /// <returns>The hash; null when the tenant has no such key.</returns>
    public async Task<string?> RemoveAsync(string tenant, KeyKind kind, string id, Func<string, (string Table, TableRow Row)> findRow, CancellationToken cancellationToken)
    {
        if (id is not { Length: ApiKey.IdLength } || !SecretText.IsBase62(id))
        {
            return null;
        }

        var listed = await tables.GetAsync(Tables.ApiKeys, Partition(tenant), RowKey(kind, id), cancellationToken: cancellationToken);
        if (listed?.Text("Hash") is not { } hash)
        {
            return null;
        }

        var found = findRow(hash);
        await log.AppendDeletedAsync(tenant, [found, (Tables.ApiKeys, listed)], cancellationToken);
        await tables.WriteAsync(found.Table, TableWrite.Delete(found.Row.PartitionKey, found.Row.RowKey), cancellationToken);
        await tables.WriteAsync(Tables.ApiKeys, TableWrite.Delete(listed.PartitionKey, listed.RowKey), cancellationToken);
        return hash;
    }

    public async Task<(IReadOnlyList<ApiKey> Keys, string? Next)> PageAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.ApiKeys, Partition(tenant), Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(row => FromRow(row, row.RowKey[(row.RowKey.IndexOf('~') + 1)..]))], page.Continuation);
    }

    public static TableRow ToRow(ApiKey key, string partition, string rowKey) => new(partition, rowKey)
    {
        ["V"] = 1,
        ["Tenant"] = key.Tenant,
        ["Kind"] = Words.Of(key.Kind),
        ["Name"] = key.Name,
        ["Role"] = Words.Of(key.Role),
        ["Scopes"] = (int)key.Scopes,
        ["CreatedAt"] = key.CreatedAt,
        ["CreatedBy"] = key.CreatedBy,
        ["Job"] = key.Part.Job,
        ["Org"] = key.Part.Org,
        ["Tag"] = key.Part.Tag,
    };

    public static ApiKey FromRow(TableRow row, string id) => new(
        row.Text("Tenant") ?? "",
        id,
        Words.ParseKind(row.Text("Kind")) ?? KeyKind.Api,
        row.Text("Name") ?? "",
        Words.ParseRole(row.Text("Role")) ?? Role.None,
        (Scopes)row.Number("Scopes") & Scopes.All,
        row.Time("CreatedAt") ?? default,
        row.Text("CreatedBy") ?? "")
    {
        Part = PartOf(row),
    };

    public static KeyPart PartOf(TableRow row) => new(row.Text("Job"), row.Text("Org"), row.Text("Tag"));

    static string Partition(string tenant) => "t~" + tenant;

    static string RowKey(KeyKind kind, string id) => Words.Of(kind) + "~" + id;
}
