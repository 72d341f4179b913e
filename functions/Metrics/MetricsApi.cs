using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

public sealed record MetricList(IReadOnlyList<MetricEntry> Items, string? Next);

public sealed record MetricEntry(string Name, string Namespace, DateTimeOffset FirstAt);

/// <summary>A metric over a time.</summary>
/// <param name="From">As it was answered for: snapped outward to a whole minute, like <paramref name="To"/> and <paramref name="Step"/>.</param>
/// <param name="RelativeError">By how much a percentile may be off, of its own size.</param>
/// <param name="Collapsed">Low percentiles of some steps may be off by more: their sketch grew over its size.</param>
/// <param name="Points">Only steps that have values: no data is not 0.</param>
public sealed record MetricAnswer(
    string Name, string Namespace, string Aggregate, DateTimeOffset From, DateTimeOffset To, TimeSpan Step, double RelativeError, bool Collapsed, IReadOnlyList<MetricValue> Points);

/// <param name="At">When the step begins.</param>
/// <param name="Count">How many values it is made of.</param>
public sealed record MetricValue(DateTimeOffset At, double Value, long Count);

/// <summary><c>GET /api/v1/metrics</c>: without a name the metrics that are known, with one its values.</summary>
static class MetricsApi
{
    const string Description = """
        ?name= and ?namespace= say which metric, ?aggregate= which number (AVG, P95 …), ?from=, ?to= and ?step= the time. ?dimension=host=db01, once or more,
        counts only values whose dimensions have all these pairs; without it all count together. Without a name the metrics are listed.
        """;

    static readonly TimeSpan DefaultRange = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/metrics", GetAsync).WithTags("Metrics").WithName("QueryMetrics").WithDescription(Description).Produces<MetricAnswer>().Requires(Role.Reader).WithSummary("Lists metrics, or shows the values of one");

    static async Task<IResult> GetAsync(HttpContext context, MetricCatalog catalog, MetricQuery query, TimeProvider clock)
    {
        var (tenant, asked) = (context.Caller().Tenant, context.Request.Query);
        if (asked["name"].ToString() is not { Length: > 0 } name)
        {
            var (limit, next) = context.Request.Paging();
            var (metrics, more) = await catalog.ListAsync(tenant, limit, next, context.RequestAborted);
            return TypedResults.Json(new MetricList([.. metrics.Select(metric => new MetricEntry(metric.Key.Name, metric.Key.Namespace, metric.FirstAt))], more), MetricsJson.Plain.MetricList);
        }

        var metric = new MetricKey(asked["namespace"].ToString(), name);
        var word = asked["aggregate"].ToString();
        var aggregate = word.Length == 0 ? Aggregate.Average : Aggregate.Parse(word) ?? throw new InvalidRequestException($"aggregate is {Aggregate.Known}.");
        var to = Time(asked["to"].ToString(), "to") ?? MetricWindow.EndOf(clock.GetUtcNow());
        var window = MetricWindow.Of(Time(asked["from"].ToString(), "from") ?? to - DefaultRange, to, Step(asked["step"].ToString()));
        if (!await catalog.IsKnownAsync(tenant, metric, context.RequestAborted))
        {
            return new ProblemResult(StatusCodes.Status404NotFound, $"There is no metric {Shown(metric)}.");
        }

        try
        {
            var steps = await query.RunAsync(tenant, metric, Dimensions.Wanted(asked["dimension"]), window, context.RequestAborted);
            var answer = new MetricAnswer(
                metric.Name, metric.Namespace, aggregate.ToString(), window.From, window.To, window.Step, Sketch.RelativeError, steps.Any(step => step.Sketch.IsCollapsed),
                [.. steps.Select(step => new MetricValue(step.At, aggregate.Of(step.Sketch), step.Sketch.Count))]);
            return TypedResults.Json(answer, MetricsJson.Plain.MetricAnswer);
        }
        catch (TooManyRowsException tooMany)
        {
            throw new InvalidRequestException(tooMany.Message);
        }
    }

    static DateTimeOffset? Time(string text, string name) => text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcDateTime.Year is > 1970 and < 9999
            ? time.ToUniversalTime()
            : throw new InvalidRequestException($"{name} is a time such as 2026-11-20T08:00Z.");

    static TimeSpan? Step(string text) => text.Length == 0 ? null
        : TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var step) && step > TimeSpan.Zero ? step
        : throw new InvalidRequestException("step is a duration d.hh:mm:ss, for example 00:05:00.");

    static string Shown(MetricKey metric) => metric.ToString() is { Length: > 100 } text ? text[..100] + "…" : metric.ToString();
}
