using System.Text.Json;

namespace Watchdesk.Metrics;

/// <summary>
/// A point as it travels in the queue <c>inbox</c> and stands in the event log: <c>e</c> id, <c>n</c> name, <c>p</c>
/// namespace, <c>t</c> at, <c>r</c> received at, <c>d</c> dimensions, and <c>v</c> its value or a histogram: <c>b</c> pairs of
/// value and count in one array, <c>s</c> sum, <c>l</c> least, <c>g</c> greatest.
/// </summary>
public static class PointItem
{
    public const string Kind = "metrics";

    const long Latest = 253_402_300_799_999;

    public static void Write(Utf8JsonWriter json, Point point)
    {
        json.WriteStartObject();
        json.WriteString("e"u8, point.Id);
        json.WriteString("n"u8, point.Name);
        if (point.Namespace.Length > 0)
        {
            json.WriteString("p"u8, point.Namespace);
        }

        json.WriteNumber("t"u8, point.At);
        json.WriteNumber("r"u8, point.ReceivedAt);
        if (point.Dimensions != Metrics.Dimensions.None)
        {
            json.WritePropertyName("d"u8);
            json.WriteRawValue(point.Dimensions, skipInputValidation: true);
        }

        if (point.Histogram is { } histogram)
        {
            Write(json, histogram);
        }
        else
        {
            json.WriteNumber("v"u8, point.Value);
        }

        json.WriteEndObject();
    }

    /// <exception cref="FormatException">Not such an item.</exception>
    public static Point Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || Text(item, "e"u8) is not { Length: > 0 and <= 64 } id || Text(item, "n"u8) is not { } name || !MetricKey.IsName(name)
            || (Text(item, "p"u8) ?? "") is not { } space || !MetricKey.IsNamespace(space)
            || Instant(item, "t"u8) is not { } at || Instant(item, "r"u8) is not { } receivedAt)
        {
            throw Wrong();
        }

        var dimensions = item.TryGetProperty("d"u8, out var d) ? Canonical(d) : Metrics.Dimensions.None;
        return item.TryGetProperty("b"u8, out var buckets)
            ? new Point(id, space, name, at, receivedAt, dimensions, 0, Histogram(item, buckets))
            : new Point(id, space, name, at, receivedAt, dimensions, Value(item, "v"u8));
    }

    static void Write(Utf8JsonWriter json, Histogram histogram)
    {
        json.WriteStartArray("b"u8);
        foreach (var (value, count) in histogram.Counts)
        {
            json.WriteNumberValue(value);
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteNumber("s"u8, histogram.Sum);
        json.WriteNumber("l"u8, histogram.Min);
        json.WriteNumber("g"u8, histogram.Max);
    }

    static Histogram Histogram(JsonElement item, JsonElement buckets)
    {
        if (buckets.ValueKind != JsonValueKind.Array || buckets.GetArrayLength() is not (> 0 and <= 2 * Metrics.Histogram.MaxBuckets) || buckets.GetArrayLength() % 2 != 0)
        {
            throw Wrong();
        }

        var counts = new List<(double, long)>(buckets.GetArrayLength() / 2);
        for (var n = 0; n < buckets.GetArrayLength(); n += 2)
        {
            counts.Add((Number(buckets[n]), buckets[n + 1].TryGetInt64(out var count) && count is > 0 and <= Metrics.Histogram.MaxCount ? count : throw Wrong()));
        }

        return new Histogram(Value(item, "s"u8), Value(item, "l"u8), Value(item, "g"u8), counts);
    }

    /// <summary>We wrote it canonically; a native sender may not have.</summary>
    static string Canonical(JsonElement dimensions)
    {
        if (dimensions.ValueKind != JsonValueKind.Object)
        {
            throw Wrong();
        }

        var pairs = dimensions.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString() ?? "")).ToList();
        return Metrics.Dimensions.Canonical(pairs) ?? throw Wrong();
    }

    static double Value(JsonElement item, ReadOnlySpan<byte> name) => item.TryGetProperty(name, out var value) ? Number(value) : throw Wrong();

    static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) <= Sketch.MaxValue * Metrics.Histogram.MaxCount ? number : throw Wrong();

    static string? Text(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long? Instant(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is > 0 and <= Latest ? number : null;

    static FormatException Wrong() => new("An item of the message is not a metric point.");
}
