using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Operations.Providers;

/// <summary>All providers of a tenant: those of providers.json with the tenant's own over them.</summary>
public sealed class ProviderTable(IReadOnlyList<Provider> providers)
{
    static readonly Lazy<ProviderTable> Embedded = new(() =>
    {
        using var stream = typeof(ProviderTable).Assembly.GetManifestResourceStream("providers.json")!;
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd());
    });

    /// <summary>Those of providers.json.</summary>
    public static ProviderTable BuiltIn => Embedded.Value;

    public IReadOnlyList<Provider> Providers { get; } = providers;

    /// <exception cref="InvalidRequestException">Says which member of which provider is wrong.</exception>
    public static ProviderTable Read(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize(json, ProvidersJson.Default.IReadOnlyListProvider) ?? [];
            var twice = read.GroupBy(provider => provider.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
            return twice is null ? new ProviderTable([.. read.Select(ProviderRules.Checked)]) : throw new InvalidRequestException($"The provider \"{twice.Key}\" is there twice.");
        }
        catch (JsonException error)
        {
            throw new InvalidRequestException($"Providers cannot be read at {error.Path}: {error.Message}");
        }
    }

    public Provider? Find(string id) => Providers.FirstOrDefault(provider => provider.Id == id);

    /// <summary>These instead of those of the same id, and beside the others.</summary>
    public ProviderTable With(IEnumerable<Provider> own)
    {
        var mine = own.ToList();
        return mine.Count == 0 ? this : new ProviderTable([.. Providers.Where(provider => mine.TrueForAll(over => over.Id != provider.Id)), .. mine]);
    }

    /// <summary>Finds out what a sentence asks for; never throws for what people write.</summary>
    /// <param name="intent">What a recogniser or a caller says that it means: the name of an intent, or provider/name.</param>
    public Match Match(string text, string? intent = null) => Matching.Of(this, text, intent);

    /// <summary>An intent by its name with arguments, as a button or another operation asks for it.</summary>
    public Match Match(string provider, string intent, IReadOnlyDictionary<string, string> arguments) =>
        Find(provider) is { } found && found.Find(intent) is { } wanted ? Matching.Complete(found, wanted, arguments) : new Match(MatchKind.Unknown) { Problems = [$"There is no intent \"{intent}\" of \"{provider}\"."] };
}
