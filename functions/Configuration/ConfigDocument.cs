using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Configuration;

/// <summary>A document of what a tenant wants to have.</summary>
/// <param name="Prune">What is not in the lists of the document goes; a list that is left out says nothing.</param>
/// <param name="Lists">By member.</param>
/// <param name="Lines">Line of a path such as <c>jobs[3].schedule</c>; empty for JSON.</param>
public sealed record ConfigDocument(bool Prune, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Lists, IReadOnlyDictionary<string, int> Lines)
{
    public const int MaxBytes = 1024 * 1024;
    const int MaxItems = 5000;

    /// <exception cref="InvalidRequestException">It is no such document.</exception>
    public static ConfigDocument Of(JsonElement root, IReadOnlyDictionary<string, int> lines, IReadOnlyList<string> members)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidRequestException($"The document is an object with {string.Join(", ", members)}.");
        }

        var prune = false;
        var lists = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name == "prune")
            {
                prune = member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.Value.GetBoolean() : throw new InvalidRequestException("prune is true or false.");
            }
            else if (!members.Contains(member.Name, StringComparer.Ordinal))
            {
                throw new InvalidRequestException($"The document has no member {Schedules.Durations.Quoted(member.Name)}; it has prune, {string.Join(", ", members)}.");
            }
            else if (member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() > MaxItems)
            {
                throw new InvalidRequestException($"{member.Name} is a list of at most {MaxItems}.");
            }
            else if (!lists.TryAdd(member.Name, [.. member.Value.EnumerateArray()]))
            {
                throw new InvalidRequestException($"{member.Name} is given twice.");
            }
        }

        return new ConfigDocument(prune, lists, lines);
    }
}
