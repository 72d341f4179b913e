using Watchdesk.Clients;

namespace Watchdesk.Incidents;

/// <summary>Subscription rows: PK tenant, RK id.</summary>
public sealed class SubscriptionStore(ITables tables, EventLog log)
{
    /// <summary>All of the tenant, the oldest first.</summary>
    public async Task<IReadOnlyList<Subscription>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var all = new List<Subscription>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Subscriptions, tenant), cancellationToken))
        {
            all.Add(Read(row));
        }

        return all;
    }

    public async Task<(IReadOnlyList<Subscription> Items, string? Next)> PageAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Subscriptions, tenant, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(Read)], page.Continuation);
    }

    public async Task<Subscription?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Subscriptions, tenant, id, cancellationToken: cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Adds it or puts it in the place of the one with this id.</summary>
    public async Task PutAsync(string tenant, Subscription subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var row = new TableRow(tenant, subscription.Id)
        {
            ["V"] = 1,
            ["Holder"] = subscription.Holder,
            ["Group"] = subscription.IsGroup,
            ["Interest"] = (int)subscription.Interest,
            ["Org"] = subscription.Org.Text,
        };
        await log.AppendRowsAsync(tenant, [(Tables.Subscriptions, row)], cancellationToken);
        await tables.WriteAsync(Tables.Subscriptions, TableWrite.Upsert(row), cancellationToken);
    }

    /// <summary>False when it was not there.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await log.AppendDeletedAsync(tenant, [(Tables.Subscriptions, new TableRow(tenant, id))], cancellationToken);
        return (await tables.WriteAsync(Tables.Subscriptions, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;
    }

    static Subscription Read(TableRow row) =>
        new(row.RowKey, row.Text("Holder") ?? "", row.Flag("Group"), (Interest)row.Number("Interest"), OrgPath.Parse(row.Text("Org")));
}
