using System.Text.Json;

namespace Watchdesk.Metrics;

/// <summary>
/// Histograms of OTLP as values and counts. A bucket stands for its middle, so the error is that of the sender's buckets; least
/// and greatest are exact when they are told.
/// </summary>
static class OtlpHistograms
{
    /// <summary>Null when its members do not fit together.</summary>
    public static Histogram? Explicit(JsonElement point)
    {
        var bounds = Reals(Otlp.Member(point, "explicitBounds"));
        var counts = Counts(Otlp.Member(point, "bucketCounts"));
        if (bounds is null || counts is null || (counts.Count != bounds.Count + 1 && counts.Count != 0) || !IsAscending(bounds))
        {
            return null;
        }

        if (counts.Count == 0 && Otlp.Whole(point, "count") is > 0 and <= Histogram.MaxCount and var count && Otlp.Real(point, "sum") is { } sum)
        {
            // A histogram without buckets tells only how many and how much.
            return Finish(point, [(sum / count, count)]);
        }

        var (least, greatest) = (Otlp.Real(point, "min"), Otlp.Real(point, "max"));
        var values = new List<(double Value, long Count)>();
        for (var n = 0; n < counts.Count; n++)
        {
            if (counts[n] > 0)
            {
                var low = n == 0 ? least ?? (bounds.Count > 0 ? bounds[0] : 0) : bounds[n - 1];
                var high = n == bounds.Count ? greatest ?? low : bounds[n];
                values.Add(((Math.Min(low, high) / 2) + (Math.Max(low, high) / 2), counts[n]));
            }
        }

        return Finish(point, values);
    }

    /// <summary>Null when its members do not fit together.</summary>
    public static Histogram? Exponential(JsonElement point)
    {
        if ((Otlp.Whole(point, "scale") ?? 0) is not (>= -10 and <= 20 and var scale) || (Otlp.Whole(point, "zeroCount") ?? 0) is not (>= 0 and <= Histogram.MaxCount and var zeros))
        {
            return null;
        }

        var values = new List<(double Value, long Count)>();
        foreach (var (name, sign) in new[] { ("negative", -1), ("positive", 1) })
        {
            var side = Otlp.Member(point, name);
            if (Counts(Otlp.Member(side, "bucketCounts")) is not { } counts || (Otlp.Whole(side, "offset") ?? 0) is not (>= int.MinValue and <= int.MaxValue and var offset))
            {
                return null;
            }

            for (var n = 0; n < counts.Count; n++)
            {
                if (counts[n] > 0)
                {
                    values.Add((sign * Math.Pow(2, (offset + n + 0.5) * Math.Pow(2, -scale)), counts[n]));
                }
            }
        }

        if (zeros > 0)
        {
            values.Add((0, zeros));
        }

        return Finish(point, values);
    }

    static Histogram? Finish(JsonElement point, List<(double Value, long Count)> values)
    {
        if (values.Count == 0)
        {
            return new Histogram(0, 0, 0, []);
        }

        var least = Otlp.Real(point, "min") ?? values.Min(pair => pair.Value);
        var greatest = Otlp.Real(point, "max") ?? values.Max(pair => pair.Value);
        var sum = Otlp.Real(point, "sum") ?? values.Sum(pair => pair.Value * pair.Count);
        var fits = least <= greatest && new[] { least, greatest }.Concat(values.Select(pair => pair.Value)).All(value => Math.Abs(value) <= Sketch.MaxValue)
            && Math.Abs(sum) <= Sketch.MaxValue * Histogram.MaxCount;
        return fits ? new Histogram(sum, least, greatest, [.. values.Select(pair => (Math.Clamp(pair.Value, least, greatest), pair.Count))]) : null;
    }

    static List<double>? Reals(JsonElement array) => List<double>(array, Otlp.Real);

    static List<long>? Counts(JsonElement array) => List<long>(array, Otlp.Whole) is { } counts && counts.TrueForAll(count => count is >= 0 and <= Histogram.MaxCount) ? counts : null;

    /// <summary>Empty when it is left out, null when it is wrong or too long.</summary>
    static List<T>? List<T>(JsonElement array, Func<JsonElement, T?> read)
        where T : struct
    {
        if (array.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > Histogram.MaxBuckets / 2)
        {
            return null;
        }

        var values = array.EnumerateArray().Select(read).ToList();
        return values.Contains(null) ? null : values.ConvertAll(value => value!.Value);
    }

    static bool IsAscending(List<double> bounds)
    {
        for (var n = 1; n < bounds.Count; n++)
        {
            if (bounds[n] <= bounds[n - 1])
            {
                return false;
            }
        }

        return true;
    }
}
