using Watchdesk.Clients;

namespace Watchdesk.Operations.Providers;

/// <summary>Rows of <c>providers</c>: PK tenant, RK id.</summary>
public sealed class ProviderStore(ITables tables)
{
    /// <summary>What the tenant can ask.</summary>
    public Task<ProviderTable> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        _ = tables;
        return Task.FromResult(new ProviderTable([]));
    }
}
