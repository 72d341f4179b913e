using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>
/// One invocation as the Functions host sends it, with a tolerant reader: the host puts strings, numbers and arrays as
/// JSON text inside a JSON string, objects and dates as they are. Values live until the handler returns.
/// </summary>
/// <param name="Id">The host's invocation id; empty when it gave none.</param>
public sealed record Invocation(string Function, string Id, JsonElement Data, JsonElement Metadata)
{
    /// <summary>A text, one level unwrapped, so that a text that is itself quoted JSON survives; the JSON of an object or array; null when absent.</summary>
    public string? ReadText(string name) => TryFind(name, out var element) ? TextOf(element) : null;

    /// <summary>A JSON value, unwrapped at most twice; undefined when absent.</summary>
    /// <exception cref="InvalidRequestException">The text is not JSON.</exception>
    public JsonElement ReadJson(string name)
    {
        if (!TryFind(name, out var element) || element.ValueKind != JsonValueKind.String)
        {
            return element;
        }

        if (!TryParse(element, out var once))
        {
            throw new InvalidRequestException($"The value of {name} is not JSON.");
        }

        return once.ValueKind == JsonValueKind.String && TryParse(once, out var twice) ? twice : once;
    }

    /// <summary>A number, native or in text; null when absent or not a number.</summary>
    public double? ReadNumber(string name) =>
        TryFind(name, out var element) && Plain(element) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>True or false, native or in text; null when absent or neither.</summary>
    public bool? ReadFlag(string name) => TryFind(name, out var element) && bool.TryParse(Plain(element), out var flag) ? flag : null;

    /// <summary>An instant, native or in text; one without a zone is UTC; null when absent or not a date.</summary>
    public DateTimeOffset? ReadDate(string name) =>
        TryFind(name, out var element) && DateTimeOffset.TryParse(Plain(element), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    /// <summary>An array of texts, native or in text; an element that is not a text is given as its JSON; null when absent or not an array.</summary>
    public IReadOnlyList<string>? ReadTextArray(string name) => ReadArray(name) is { } array ? TextsOf(array) : null;

    /// <summary>An array of numbers, native or in text; null when absent or not an array.</summary>
    public IReadOnlyList<double?>? ReadNumberArray(string name)
    {
        if (ReadArray(name) is not { } array)
        {
            return null;
        }

        var numbers = new List<double?>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            numbers.Add(double.TryParse(Plain(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);
        }

        return numbers;
    }

    internal JsonElement? ReadArray(string name)
    {
        if (!TryFind(name, out var element) || (element.ValueKind == JsonValueKind.String && !TryParse(element, out element)))
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Array ? element : null;
    }

    /// <summary>Bindings first: a message body may have overwritten any name of the metadata (contract 4.5), never one of Data.</summary>
    internal bool TryFind(string name, out JsonElement element) => TryFind(Data, name, out element) || TryFind(Metadata, name, out element);

    internal static IReadOnlyList<string> TextsOf(JsonElement array)
    {
        var texts = new List<string>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            texts.Add(element.ValueKind == JsonValueKind.String ? Decode(element) : element.GetRawText());
        }

        return texts;
    }

    internal static string? TextOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                var raw = Decode(element);
                return raw.StartsWith('"') && TryParse(element, out var inner) && inner.ValueKind == JsonValueKind.String ? Decode(inner) : raw;
            default:
                return element.GetRawText();
        }
    }

    static bool TryFind(JsonElement holder, string name, out JsonElement element)
    {
        element = default;
        try
        {
            if (holder.ValueKind != JsonValueKind.Object || holder.TryGetProperty(name, out element))
            {
                return element.ValueKind != JsonValueKind.Undefined;
            }

            element = holder.EnumerateObject().FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
            return element.ValueKind != JsonValueKind.Undefined;
        }
        catch (InvalidOperationException problem)
        {
            throw new JsonException("The envelope holds a name that is not Unicode.", problem);
        }
    }

    /// <exception cref="JsonException">It is not Unicode: no host writes such an envelope.</exception>
    static string Decode(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException problem)
        {
            throw new JsonException("The envelope holds text that is not Unicode.", problem);
        }
    }

    /// <summary>The text of a scalar, without the quotes of one level of wrapping.</summary>
    static string? Plain(JsonElement element) => TextOf(element)?.Trim();

    [SuppressMessage("Reliability", "CA2000", Justification = "Parsed from a text of its own and without pooled memory to give back.")]
    static bool TryParse(JsonElement text, out JsonElement value)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(Decode(text)));
        try
        {
            value = JsonElement.ParseValue(ref reader);
            return !reader.Read();
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
