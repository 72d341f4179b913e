using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Metrics;

/// <summary>What a point is further told apart by, for example host and route: at most 16 of at most 64 and 128 characters.</summary>
public static class Dimensions
{
    public const string None = "{}";
    public const int Most = 16;
    public const int MaxName = 64;
    public const int MaxValue = 128;

    /// <summary>Where the sets of a metric go that are more than it may have.</summary>
    public const string Overflow = """{"watchdesk.overflow":"true"}""";

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Pairs as a query has them, each <c>name=value</c>; null for none.</summary>
    /// <exception cref="InvalidRequestException">One of them is no such pair.</exception>
    public static IReadOnlyDictionary<string, string>? Wanted(IReadOnlyList<string?> asked)
    {
        var pairs = asked.Where(pair => !string.IsNullOrEmpty(pair)).Select(pair => pair!.Split('=', 2)).ToArray();
        if (pairs.Length > Most || pairs.Any(pair => pair.Length < 2 || pair[0].Trim().Length is 0 or > MaxName || pair[1].Length > MaxValue))
        {
            throw new InvalidRequestException($"dimension is a name and a value, for example ?dimension=host=db01, at most {Most} of them.");
        }

        return pairs.Length == 0 ? null : pairs.DistinctBy(pair => pair[0].Trim()).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);
    }

    /// <summary>Whether a set, as canonical JSON, has all these pairs.</summary>
    public static bool Has(string set, IReadOnlyDictionary<string, string> wanted)
    {
        using var pairs = JsonDocument.Parse(set);
        return wanted.All(pair => pairs.RootElement.TryGetProperty(pair.Key, out var value) && value.ValueEquals(pair.Value));
    }

    /// <summary>Canonical JSON of what was given; null when it breaks a bound.</summary>
    public static string? Canonical(IReadOnlyCollection<KeyValuePair<string, string>> given)
    {
        if (given.Count == 0)
        {
            return None;
        }

        if (given.Count > Most || given.Any(pair => pair.Key.Length is 0 or > MaxName || pair.Value.Length > MaxValue))
        {
            return null;
        }

        var text = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in given.DistinctBy(pair => pair.Key, StringComparer.Ordinal).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
