using Watchdesk.Clients;

namespace Watchdesk.Tenants.People;

/// <summary>People under one name, to subscribe and to be told together.</summary>
/// <param name="Members">Ids of people; one who is gone stays here and counts for nothing.</param>
public sealed record Group(string Tenant, string Id, string Name, IReadOnlyList<string> Members)
{
    public const int MaxMembers = 500;
    public const int MaxPerTenant = 200;
    public const int MaxNameLength = 100;

    internal string ETag { get; init; } = "";

    /// <summary>What a caller sends back to change only what it saw.</summary>
    public string Tag => $"\"{Keys.Hash(ETag)[..16]}\"";
}

/// <summary>Group rows: PK tenant, RK id.</summary>
public sealed class Groups(ITables tables, EventLog log)
{
    /// <summary>All of the tenant, by name.</summary>
    public async Task<IReadOnlyList<Group>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Groups, tenant, Limit: Group.MaxPerTenant), cancellationToken);
        return [.. page.Rows.Select(Read).OrderBy(group => group.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public async Task<Group?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsId(id) && await tables.GetAsync(Tables.Groups, tenant, id, cancellationToken: cancellationToken) is { } row ? Read(row) : null;

    /// <summary>A new group, or one in the place of what was read. Null when somebody else changed it since.</summary>
    public async Task<Group?> PutAsync(Group group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(group);
        var row = new TableRow(group.Tenant, group.Id) { ["V"] = 1, ["Name"] = group.Name, ["Members"] = string.Join(' ', group.Members) };
        await log.AppendRowsAsync(group.Tenant, [(Tables.Groups, row)], cancellationToken);
        var result = await tables.WriteAsync(Tables.Groups, group.ETag.Length == 0 ? TableWrite.Insert(row) : TableWrite.Replace(row, group.ETag), cancellationToken);
        return result.IsDone ? group with { ETag = result.ETags[0] ?? "" } : null;
    }

    /// <summary>False when the tenant has no such group.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (await GetAsync(tenant, id, cancellationToken) is null)
        {
            return false;
        }

        await log.AppendDeletedAsync(tenant, [(Tables.Groups, new TableRow(tenant, id))], cancellationToken);
        return (await tables.WriteAsync(Tables.Groups, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;
    }

    static bool IsId(string id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    static Group Read(TableRow row) =>
        new(row.PartitionKey, row.RowKey, row.Text("Name") ?? "", (row.Text("Members") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)) { ETag = row.ETag ?? "" };
}
