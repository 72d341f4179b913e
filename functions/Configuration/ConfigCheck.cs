using System.Globalization;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Configuration;

/// <summary>Checks the list of one kind item by item, and keeps what is wrong with each.</summary>
sealed class ConfigCheck(IConfigKind kind, string tenant, ConfigDocument document, List<ProblemPart> errors)
{
    const int MaxErrors = 200;

    public IReadOnlyList<ConfigEntry> Run(IReadOnlyList<JsonElement> items, IReadOnlyDictionary<string, ConfigEntry> stored)
    {
        var wanted = new List<ConfigEntry>(items.Count);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count && errors.Count < MaxErrors; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{kind.Member}[{i}]");
            if (Check(items[i], path, stored) is not { } entry)
            {
                continue;
            }

            if (first.TryAdd(entry.Name, i))
            {
                wanted.Add(entry);
            }
            else
            {
                Add(path, $"The {kind.Noun} {entry.Name} is in the document twice; it is {kind.Member}[{first[entry.Name]}] too.");
            }
        }

        return wanted;
    }

    ConfigEntry? Check(JsonElement item, string path, IReadOnlyDictionary<string, ConfigEntry> stored)
    {
        try
        {
            return item.ValueKind == JsonValueKind.Object ? kind.Check(tenant, item, stored) : throw new InvalidRequestException($"A {kind.Noun} is an object.");
        }
        catch (Exception wrong) when (wrong is InvalidRequestException or FormatException or JsonException)
        {
            var within = wrong is JsonException { Path: { Length: > 1 } inner } ? path + inner[1..] : path;
            Add(document.Lines.ContainsKey(within) || document.Lines.Count == 0 ? within : path, Problem.From(wrong).Detail!);
            return null;
        }
    }

    void Add(string path, string reason) => errors.Add(new ProblemPart(path, document.Lines.TryGetValue(path, out var line) ? line : null, reason));
}
