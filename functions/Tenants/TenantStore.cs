using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>Tenants as rows.</summary>
public sealed class TenantStore(ITables tables, EventLog log)
{
    const string Partition = "t";

    /// <summary>False when there is a tenant of that id already.</summary>
    public async Task<bool> CreateAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await GetAsync(tenant.Id, cancellationToken) is null
        && await LogAsync(tenant, cancellationToken) is var row
        && (await tables.WriteAsync(Tables.Tenants, TableWrite.Insert(row), cancellationToken)).IsDone;

    public async Task<Tenant?> GetAsync(string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Tenants, Partition, id, cancellationToken: cancellationToken) is { } row ? FromRow(row) : null;

    /// <summary>All tenants of the installation, by id.</summary>
    public async Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken)
    {
        var tenants = new List<Tenant>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Tenants, Partition), cancellationToken))
        {
            tenants.Add(FromRow(row));
        }

        return tenants;
    }

    /// <summary>Which tenant the people of an Entra directory belong to; null when none lists it.</summary>
    public async Task<Tenant?> FindByEntraAsync(string directory, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(tenant => tenant.EntraTenants.Contains(directory, StringComparer.OrdinalIgnoreCase));

    public async Task UpdateAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await tables.WriteAsync(Tables.Tenants, TableWrite.UpsertMerge(await LogAsync(tenant, cancellationToken)), cancellationToken);

    async Task<TableRow> LogAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var row = ToRow(tenant);
        await log.AppendRowsAsync(tenant.Id, [(Tables.Tenants, row)], cancellationToken);
        return row;
    }

    static TableRow ToRow(Tenant tenant) => new(Partition, tenant.Id)
    {
        ["V"] = 1,
        ["Name"] = tenant.Name,
        ["CreatedAt"] = tenant.CreatedAt,
        ["EntraTenants"] = string.Join(' ', tenant.EntraTenants),
        ["RemindEvery"] = (int)tenant.RemindEvery.TotalSeconds,
        ["ApprovalOff"] = tenant.Operations.IsApprovalOff,
        ["DryRun"] = tenant.Operations.IsDryRun,
        ["ApproveWithin"] = (int)tenant.Operations.ApproveWithin.TotalSeconds,
        ["Escalates"] = tenant.Escalates,
    };

    static Tenant FromRow(TableRow row)
    {
        var tenant = new Tenant(
            row.RowKey,
            row.Text("Name") ?? row.RowKey,
            row.Time("CreatedAt") ?? default,
            (row.Text("EntraTenants") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Escalates = row.Flag("Escalates"),
        };
        if (row.Number("ApproveWithin") is > 0 and var seconds)
        {
            tenant = tenant with { Operations = new OperationRules(row.Flag("ApprovalOff"), row.Flag("DryRun")) { ApproveWithin = TimeSpan.FromSeconds(seconds) } };
        }

        return row["RemindEvery"] is null ? tenant : tenant with { RemindEvery = TimeSpan.FromSeconds(row.Number("RemindEvery")) };
    }
}
