using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Operations.Providers;

/// <summary>Rows of <c>providers</c>: PK tenant, RK id for a provider of the tenant's own.</summary>
public sealed class ProviderStore(ITables tables, EventLog log)
{
    /// <summary>Per tenant, beside those of providers.json.</summary>
    public const int MaxOwn = 20;

    /// <summary>The largest definition as JSON.</summary>
    public const int MaxBytes = 200 * 1024;

    /// <summary>What the tenant can ask.</summary>
    public async Task<ProviderTable> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var own = new List<Provider>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Providers, tenant, Before: "~"), cancellationToken))
        {
            own.AddRange(JsonSerializer.Deserialize(Pieces.Get(row, 'P'), ProvidersJson.Default.IReadOnlyListProvider)!);
        }

        return ProviderTable.BuiltIn.With(own);
    }

    public async Task PutAsync(string tenant, Provider provider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var row = new TableRow(tenant, provider.Id) { ["V"] = 1 };
        Pieces.Set(row, 'P', JsonSerializer.SerializeToUtf8Bytes([provider], ProvidersJson.Default.IReadOnlyListProvider));
        await log.AppendRowsAsync(tenant, [(Tables.Providers, row)], cancellationToken);
        await tables.WriteAsync(Tables.Providers, TableWrite.Upsert(row), cancellationToken);
    }

    /// <summary>False when it was not there.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await log.AppendDeletedAsync(tenant, [(Tables.Providers, new TableRow(tenant, id))], cancellationToken);
        return (await tables.WriteAsync(Tables.Providers, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;
    }
}
