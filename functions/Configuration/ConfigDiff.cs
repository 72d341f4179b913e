using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Configuration;

/// <summary>What becomes of one thing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConfigChange>))]
public enum ConfigChange
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("removed")]
    Removed,
}

/// <param name="Name">With dots where it is within another: <c>schedule.grace</c>.</param>
/// <param name="From">As JSON; null when it was not there.</param>
/// <param name="To">As JSON; null when it goes.</param>
public sealed record FieldChange(string Name, string? From, string? To)
{
    public override string ToString() => $"{Name} {From ?? "nothing"} -> {To ?? "nothing"}";
}

/// <param name="Kind">job, channel …</param>
/// <param name="Fields">Of what is changed.</param>
public sealed record ConfigDifference(string Kind, string Name, ConfigChange Change, IReadOnlyList<FieldChange> Fields)
{
    /// <summary>A line for people.</summary>
    public override string ToString() => Change switch
    {
        ConfigChange.Created => $"+ {Kind} {Name}",
        ConfigChange.Removed => $"- {Kind} {Name}",
        _ => $"~ {Kind} {Name}: {string.Join("; ", Fields)}",
    };
}

/// <summary>Compares two definitions member by member.</summary>
static class ConfigDiff
{
    const int MaxText = 200;

    public static IReadOnlyList<FieldChange> Fields(JsonElement from, JsonElement to)
    {
        var fields = new List<FieldChange>();
        Compare("", from, to, fields);
        return fields;
    }

    static void Compare(string path, JsonElement? from, JsonElement? to, List<FieldChange> fields)
    {
        if (from is not { ValueKind: JsonValueKind.Object } || to is not { ValueKind: JsonValueKind.Object })
        {
            if (Text(from) != Text(to))
            {
                fields.Add(new FieldChange(path, Short(from), Short(to)));
            }

            return;
        }

        foreach (var name in from.Value.EnumerateObject().Concat(to.Value.EnumerateObject()).Select(member => member.Name).Distinct(StringComparer.Ordinal))
        {
            Compare(path.Length == 0 ? name : $"{path}.{name}", Member(from.Value, name), Member(to.Value, name), fields);
        }
    }

    static JsonElement? Member(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Left out and null are the same.</summary>
    static string? Text(JsonElement? value) => value is null or { ValueKind: JsonValueKind.Null } ? null : value.Value.GetRawText();

    static string? Short(JsonElement? value) => Text(value) is { } text ? Notices.NoticeText.Shorten(value!.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()! : text, MaxText) : null;
}
