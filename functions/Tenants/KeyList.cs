using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>The keys of one tenant in one partition, <c>t~{tenant}</c> | <c>{api or ping}~{id}</c>, written before the key itself.</summary>
static class KeyList
{
    public static Task AddAsync(ITables tables, ApiKey key, string hash, CancellationToken cancellationToken)
    {
        var row = ToRow(key, Partition(key.Tenant), RowKey(key.Kind, key.Id));
        row["Hash"] = hash.Length == 0 ? null : hash;
        return tables.WriteAsync(Tables.ApiKeys, TableWrite.Upsert(row), cancellationToken);
    }

    public static async Task<bool> HasAsync(ITables tables, string tenant, KeyKind kind, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.ApiKeys, Partition(tenant), RowKey(kind, id), ["V"], cancellationToken) is not null;

    /// <summary>The full hash of a listed ping key; null when it is not listed.</summary>
    public static async Task<string?> HashAsync(ITables tables, string tenant, string id, CancellationToken cancellationToken) =>
        (await tables.GetAsync(Tables.ApiKeys, Partition(tenant), RowKey(KeyKind.Ping, id), cancellationToken: cancellationToken))?.Text("Hash");

    public static Task RemoveAsync(ITables tables, string tenant, KeyKind kind, string id, CancellationToken cancellationToken) =>
        tables.WriteAsync(Tables.ApiKeys, TableWrite.Delete(Partition(tenant), RowKey(kind, id)), cancellationToken);

    public static async Task<(IReadOnlyList<ApiKey> Keys, string? Next)> PageAsync(ITables tables, string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.ApiKeys, Partition(tenant), Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(row => FromRow(row, row.RowKey[(row.RowKey.IndexOf('~') + 1)..]))], page.Continuation);
    }

    public static TableRow ToRow(ApiKey key, string partition, string rowKey) => new(partition, rowKey)
    {
        ["V"] = 1,
        ["Tenant"] = key.Tenant,
        ["Kind"] = Word(key.Kind),
        ["Name"] = key.Name,
        ["Role"] = Words.Of(key.Role),
        ["Scopes"] = (int)key.Scopes,
        ["CreatedAt"] = key.CreatedAt,
        ["CreatedBy"] = key.CreatedBy,
    };

    public static ApiKey FromRow(TableRow row, string id) => new(
        row.Text("Tenant") ?? "",
        id,
        row.Text("Kind") == "ping" ? KeyKind.Ping : KeyKind.Api,
        row.Text("Name") ?? "",
        Words.ParseRole(row.Text("Role")) ?? Role.None,
        (Scopes)row.Number("Scopes") & Scopes.All,
        row.Time("CreatedAt") ?? default,
        row.Text("CreatedBy") ?? "");

    static string Word(KeyKind kind) => kind == KeyKind.Ping ? "ping" : "api";

    static string Partition(string tenant) => "t~" + tenant;

    static string RowKey(KeyKind kind, string id) => Word(kind) + "~" + id;
}
