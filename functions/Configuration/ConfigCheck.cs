using System.Globalization;
using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>Checks the list of one kind item by item, and keeps what is wrong with each.</summary>
sealed class ConfigCheck(IConfigKind kind, Caller caller, ConfigDocument document, List<ProblemPart> errors)
{
    const int MaxErrors = 200;

    public async Task<IReadOnlyList<ConfigEntry>> RunAsync(IReadOnlyList<JsonElement> items, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken)
    {
        var wanted = new List<ConfigEntry>(items.Count);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var before = errors.Count;
        for (var i = 0; i < items.Count && errors.Count < MaxErrors; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{kind.Member}[{i}]");
            if (await CheckAsync(items[i], path, stored, cancellationToken) is not { } entry)
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

        return errors.Count > before
            ? wanted
            : kind.Join(wanted, stored, document.Prune, (name, reason) => Add(Find(items[first[name]], $"{kind.Member}[{first[name]}]", reason) ?? $"{kind.Member}[{first[name]}]", reason));
    }

    async Task<ConfigEntry?> CheckAsync(JsonElement item, string path, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken)
    {
        try
        {
            return item.ValueKind == JsonValueKind.Object ? await kind.CheckAsync(caller, item, stored, cancellationToken) : throw new InvalidRequestException($"A {kind.Noun} is an object.");
        }
        catch (Exception wrong) when (wrong is InvalidRequestException or FormatException or JsonException)
        {
            var within = wrong is JsonException { Path: { Length: > 1 } inner } ? path + inner[1..] : path;
            within = document.Lines.ContainsKey(within) || document.Lines.Count == 0 ? within : path;
            var reason = Problem.From(wrong).Detail!;
            var named = Find(item, path, reason);
            Add(named?.StartsWith(within, StringComparison.Ordinal) == true ? named : within, reason);
            return null;
        }
    }

    /// <summary>Path of the member that a reason begins with; null for none.</summary>
    static string? Find(JsonElement item, string path, string reason)
    {
        var word = string.Concat(reason.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        return Below(item, path);

        string? Below(JsonElement at, string way) => at.ValueKind != JsonValueKind.Object || word.Length == 0 ? null
            : at.TryGetProperty(word, out _) ? $"{way}.{word}"
            : at.EnumerateObject().Select(member => Below(member.Value, $"{way}.{member.Name}")).FirstOrDefault(found => found is not null);
    }

    void Add(string path, string reason) => errors.Add(new ProblemPart(path, document.Lines.TryGetValue(path, out var line) ? line : null, reason));
}
