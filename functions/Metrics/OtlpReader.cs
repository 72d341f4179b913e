using System.Globalization;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Metrics;

/// <summary>
/// Reads OTLP/JSON metrics: gauges, sums, histograms and exponential histograms. <c>service.name</c> of the resource is the
/// namespace, attributes of a data point are its dimensions. Counters and histograms must be deltas: a cumulative one tells the
/// same values again and again. A cumulative sum that may also fall is a level, and taken like a gauge.
/// </summary>
static class OtlpReader
{
    static readonly string[] Kinds = ["gauge", "sum", "histogram", "exponentialHistogram"];

    /// <exception cref="FormatException">The body is not an export request, or holds too many points.</exception>
    public static List<SentPoint> ReadAll(JsonElement body, DateTimeOffset now)
    {
        var points = new List<SentPoint>();
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("resourceMetrics"u8, out var resources))
        {
            throw new FormatException("The body is not an ExportMetricsServiceRequest: it has no resourceMetrics.");
        }

        try
        {
            foreach (var resource in Otlp.Each(resources))
            {
                var space = Otlp.Attributes(Otlp.Member(resource, "resource")).FirstOrDefault(pair => pair.Key == "service.name").Value ?? "";
                foreach (var metric in Otlp.Each(Otlp.Member(resource, "scopeMetrics")).SelectMany(scope => Otlp.Each(Otlp.Member(scope, "metrics"))))
                {
                    ReadMetric(metric, space, points, now);
                }
            }
        }
        catch (InvalidOperationException wrong)
        {
            throw new FormatException("A text in the body is not valid, or has an escape that is half a character.", wrong);
        }

        return points;
    }

    static void ReadMetric(JsonElement metric, string space, List<SentPoint> points, DateTimeOffset now)
    {
        var name = Otlp.Text(metric, "name");
        var kind = Array.Find(Kinds, kind => metric.TryGetProperty(kind, out _));
        var problem = !MetricKey.IsName(name) ? $"name must be a text of 1 to {MetricKey.MaxName} characters without spaces."
            : !MetricKey.IsNamespace(space) ? $"service.name has at most {MetricKey.MaxName} characters."
            : kind is null ? $"{name}: only gauge, sum, histogram and exponentialHistogram are taken."
            : Otlp.IsCumulative(metric.GetProperty(kind)) && (kind != "sum" || Otlp.Member(metric.GetProperty(kind), "isMonotonic").ValueKind == JsonValueKind.True)
                ? $"{name}: a cumulative {kind} is not taken; send deltas: OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta."
            : null;
        var data = kind is null ? Otlp.Each(default) : Otlp.Each(Otlp.Member(metric.GetProperty(kind), "dataPoints"));
        foreach (var point in data.Where(point => ((Otlp.Whole(point, "flags") ?? 0) & 1) == 0))
        {
            if (points.Count >= PointReader.MaxPoints)
            {
                throw new FormatException($"A request takes at most {PointReader.MaxPoints} of them; send the rest in another one.");
            }

            points.Add(problem is null ? ReadPoint(kind!, name!, space, point, now) : new SentPoint(null, problem));
        }

        if (kind is null)
        {
            points.Add(new SentPoint(null, problem));
        }
    }

    static SentPoint ReadPoint(string kind, string name, string space, JsonElement point, DateTimeOffset now)
    {
        var told = Otlp.Member(point, "timeUnixNano");
        var isTold = told.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        var (at, problem) = isTold && Otlp.Whole(told) is null ? (0, "timeUnixNano is a whole number of nanoseconds since 1970.") : PointReader.TimeOf(Otlp.Whole(told) / 1_000_000, "timeUnixNano", now);
        if (problem is not null)
        {
            return new SentPoint(null, $"{name}: {problem}");
        }

        var dimensions = Dimensions.Canonical([.. Otlp.Attributes(point).Take(Dimensions.Most).Select(pair => KeyValuePair.Create(Cut(pair.Key, Dimensions.MaxName), Cut(pair.Value, Dimensions.MaxValue)))]) ?? Dimensions.None;
        var empty = new Point(Keys.NewId(now), space, name, at, now.ToUnixTimeMilliseconds(), dimensions, 0);
        if (kind is "gauge" or "sum")
        {
            return (Otlp.Real(point, "asDouble") ?? Otlp.Real(point, "asInt")) is { } value && Math.Abs(value) <= Sketch.MaxValue
                ? new SentPoint(empty with { Value = value }, null)
                : new SentPoint(null, string.Create(CultureInfo.InvariantCulture, $"{name}: a data point has asDouble or asInt, at most {Sketch.MaxValue}."));
        }

        var histogram = kind == "histogram" ? OtlpHistograms.Explicit(point) : OtlpHistograms.Exponential(point);
        return histogram switch
        {
            { Counts.Count: 0 } => new SentPoint(null, $"{name}: the histogram is empty."),
            not null => new SentPoint(empty with { Histogram = histogram }, null),
            _ => new SentPoint(null, $"{name}: the histogram's bounds, counts or sum do not fit together, or are too many (at most {Histogram.MaxBuckets} buckets)."),
        };
    }

    static string Cut(string text, int most) => text.Length <= most ? text.Length == 0 ? "?" : text : text[..most];
}
