using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Metrics;

/// <summary>Values in the JSON form of OTLP: 64-bit integers are texts, and what is zero may be left out.</summary>
static class Otlp
{
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> Each(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    public static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static long? Whole(JsonElement element, string name) => Whole(Member(element, name));

    public static long? Whole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Null also for what is not finite.</summary>
    public static double? Real(JsonElement element, string name) => Real(Member(element, name));

    public static double? Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    public static bool IsCumulative(JsonElement data) =>
        Member(data, "aggregationTemporality") is var told && (told.ValueKind == JsonValueKind.String ? told.GetString() == "AGGREGATION_TEMPORALITY_CUMULATIVE" : Whole(told) == 2);

    /// <summary>Texts, flags and numbers; lists and maps are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Attributes(JsonElement owner)
    {
        foreach (var attribute in Each(Member(owner, "attributes")))
        {
            var value = Member(attribute, "value");
            var text = Text(value, "stringValue")
                ?? (Member(value, "boolValue") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetRawText() : null)
                ?? Whole(value, "intValue")?.ToString(CultureInfo.InvariantCulture)
                ?? Real(value, "doubleValue")?.ToString(CultureInfo.InvariantCulture);
            if (text is not null && Text(attribute, "key") is { } key)
            {
                yield return KeyValuePair.Create(key, text);
            }
        }
    }
}
