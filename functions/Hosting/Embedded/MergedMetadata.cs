using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>
/// The trap of contract 4.5: when a message is the text of a JSON object, its top-level properties replace metadata of
/// the same name, scalars as text by .NET rules, objects as they are, arrays and nulls not at all.
/// </summary>
sealed record MergedMetadata(string? Text, JsonElement Object)
{
    public static IReadOnlyDictionary<string, MergedMetadata> Of(ReadOnlyMemory<byte> body)
    {
        var merged = new Dictionary<string, MergedMetadata>(StringComparer.OrdinalIgnoreCase);
        if (!TryParse(body, out var root) || root.ValueKind != JsonValueKind.Object)
        {
            return merged;
        }

        foreach (var property in root.EnumerateObject())
        {
            if (!property.Name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase) && From(property.Value) is { } value)
            {
                merged[property.Name] = value;
            }
        }

        return merged;
    }

    public void Write(Utf8JsonWriter json, string name)
    {
        json.WritePropertyName(name);
        if (Text is null)
        {
            Object.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(Envelopes.Quoted(Text));
        }
    }

    public static bool TryParse(ReadOnlyMemory<byte> body, out JsonElement root)
    {
        try
        {
            root = JsonElement.Parse(body.Span, new JsonDocumentOptions { MaxDepth = 900 });
            return true;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    static MergedMetadata? From(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new MergedMetadata(null, value),
        JsonValueKind.String => new MergedMetadata(OfText(value), default),
        JsonValueKind.Number => new MergedMetadata(value.GetRawText(), default),
        JsonValueKind.True => new MergedMetadata("True", default),
        JsonValueKind.False => new MergedMetadata("False", default),
        _ => null,
    };

    /// <summary>A text that as a whole is an ISO date becomes a US-style one.</summary>
    static string OfText(JsonElement value) =>
        value.TryGetDateTime(out var date) ? date.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture) : value.GetString()!;
}
