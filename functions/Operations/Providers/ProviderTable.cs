namespace Watchdesk.Operations.Providers;

/// <summary>All providers of a tenant: those of providers.json with the tenant's own rows over them.</summary>
public sealed class ProviderTable(IReadOnlyList<Provider> providers)
{
    public IReadOnlyList<Provider> Providers { get; } = providers;

    public Provider? Find(string id) => Providers.FirstOrDefault(provider => provider.Id == id);

    /// <summary>Finds out what a sentence asks for; never throws for what people write.</summary>
    /// <param name="intent">What a recogniser or a caller says that it means: the name of an intent, or provider/name.</param>
    public Match Match(string text, string? intent = null) => new(MatchKind.Unknown);
}
