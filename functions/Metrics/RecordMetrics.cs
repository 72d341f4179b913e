using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

/// <summary>
/// Points in: <c>POST /api/v1/metrics</c>, a JSON array or lines of JSON, and <c>POST /v1/metrics</c>, OTLP/HTTP with JSON. At most 5 MB and
/// 10,000 points. Accepted is stored in the queue <c>inbox</c>.
/// </summary>
public sealed class RecordMetrics(Inbox inbox, MetricCatalog catalog, TimeProvider clock)
{
    const int MaxBytes = 5_000_000;
    const int ReasonsTold = 10;

    static readonly Counter<long> Stored = new Meter(Telemetry.MeterName).CreateCounter<long>("watchdesk.points.accepted", description: "Metric points that were stored.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/metrics", (HttpContext context, RecordMetrics record) => record.RecordAsync(context)).RequiresScope(Scopes.Ping).WithTags("Metrics").WithName("RecordMetrics").WithSummary("Takes metric points, a JSON array or lines of JSON");
        routes.MapPost("/v1/metrics", (HttpContext context, RecordMetrics record) => record.RecordOtlpAsync(context)).RequiresScope(Scopes.Ping).WithTags("Metrics").WithName("RecordOtlp").WithSummary("Takes metrics as OTLP/HTTP with JSON");
    }

    async Task<IResult> RecordAsync(HttpContext context)
    {
        var body = await context.Request.ReadBytesAsync(MaxBytes);
        var points = PointReader.ReadAll(body.Span, clock.GetUtcNow());
        if (points.Count == 0)
        {
            throw new InvalidRequestException("The body holds no point.");
        }

        var result = await AcceptAsync(context.Caller().Tenant, points, context.RequestAborted);
        return TypedResults.Json(result, JobJson.Plain.Accepted, statusCode: result.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest);
    }

    /// <summary>As the protocol has it: 200 also when points were rejected, with how many and why.</summary>
    async Task<IResult> RecordOtlpAsync(HttpContext context)
    {
        var type = context.Request.ContentType ?? "";
        if (!type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return new ProblemResult(StatusCodes.Status415UnsupportedMediaType, "Send OTLP as application/json: OTEL_EXPORTER_OTLP_PROTOCOL=http/json.");
        }

        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            return new ProblemResult(StatusCodes.Status415UnsupportedMediaType, "Send the body without compression.");
        }

        var body = await context.Request.ReadBytesAsync(MaxBytes);
        using var document = JsonDocument.Parse(body);
        var result = await AcceptAsync(context.Caller().Tenant, OtlpReader.ReadAll(document.RootElement, clock.GetUtcNow()), context.RequestAborted);
        var partial = result.Refused.Count == 0 ? null : new OtlpPartialSuccess(result.Refused.Count, Reasons(result.Refused));
        return TypedResults.Json(new OtlpAnswer(partial), MetricsJson.Plain.OtlpAnswer);
    }

    /// <summary>Each once, the first few.</summary>
    static string Reasons(IReadOnlyList<RefusedLine> refused)
    {
        var reasons = refused.Select(line => line.Reason).Distinct(StringComparer.Ordinal).ToList();
        return string.Join(' ', reasons.Take(ReasonsTold)) + (reasons.Count > ReasonsTold ? $" And {reasons.Count - ReasonsTold} more reasons." : "");
    }

    async Task<Accepted> AcceptAsync(string tenant, IReadOnlyList<SentPoint> points, CancellationToken cancellationToken)
    {
        var metrics = points.Where(sent => sent.Problem is null).Select(sent => sent.Point!.Metric).ToHashSet();
        var excess = await catalog.FindExcessAsync(tenant, metrics, cancellationToken);
        var refused = new List<RefusedLine>();
        var items = new ArrayBufferWriter<byte>(1024 + (points.Count * 200));
        var count = 0;
        using var json = new Utf8JsonWriter(items);
        for (var n = 0; n < points.Count; n++)
        {
            var problem = points[n].Problem
                ?? (excess.Contains(points[n].Point!.Metric) ? $"A tenant has at most {MetricCatalog.MaxMetrics} metrics, and {points[n].Point!.Metric} would be one more." : null);
            if (problem is not null)
            {
                refused.Add(new RefusedLine(n + 1, problem));
                continue;
            }

            if (count++ > 0)
            {
                items.Write(","u8);
            }

            json.Reset();
            PointItem.Write(json, points[n].Point!);
            json.Flush();
        }

        if (count > 0)
        {
            await inbox.AcceptManyAsync(tenant, PointItem.Kind, items.WrittenMemory, cancellationToken);
            Stored.Add(count);
        }

        return new Accepted(count, refused);
    }
}

public sealed record OtlpAnswer(OtlpPartialSuccess? PartialSuccess);

public sealed record OtlpPartialSuccess(long RejectedDataPoints, string ErrorMessage);
