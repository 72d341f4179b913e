using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>
/// Writes spans as JSON lines on standard output, which the Functions host hands to Application Insights: no exporter
/// for it can be had. One trace in ten, and every failed span.
/// </summary>
sealed class SpanLines : IDisposable
{
    const int OneIn = 10;

    readonly LineLog lines;
    readonly ActivityListener listener;

    public SpanLines(LineLog lines)
    {
        this.lines = lines;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Write,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    internal static string ToJson(Activity activity)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("span"u8, activity.DisplayName);
            json.WriteString("message"u8, $"{activity.DisplayName} took {activity.Duration.TotalMilliseconds:F1} ms");
            json.WriteString("traceId"u8, activity.TraceId.ToHexString());
            json.WriteString("spanId"u8, activity.SpanId.ToHexString());
            if (activity.ParentSpanId != default)
            {
                json.WriteString("parentId"u8, activity.ParentSpanId.ToHexString());
            }

            json.WriteString("at"u8, activity.StartTimeUtc);
            json.WriteNumber("milliseconds"u8, activity.Duration.TotalMilliseconds);
            json.WriteString("status"u8, activity.Status.ToString());
            foreach (var (name, value) in activity.TagObjects)
            {
                json.WriteString(name, value?.ToString());
            }

            WriteLinks(json, activity);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void WriteLinks(Utf8JsonWriter json, Activity activity)
    {
        json.WriteStartArray("links"u8);
        foreach (var link in activity.Links)
        {
            json.WriteStringValue($"{link.Context.TraceId.ToHexString()}-{link.Context.SpanId.ToHexString()}");
        }

        json.WriteEndArray();
    }

    void Write(Activity activity)
    {
        if (activity.Status == ActivityStatusCode.Error || IsSampled(activity.TraceId))
        {
            lines.Say(ToJson(activity));
        }
    }

    /// <summary>The same answer for every span of a trace, on every instance.</summary>
    static bool IsSampled(ActivityTraceId trace) => Convert.ToByte(trace.ToHexString()[..2], 16) % OneIn == 0;
}
