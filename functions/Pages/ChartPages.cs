using System.Collections.Concurrent;
using Watchdesk.Hosting;
using Watchdesk.Metrics;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary>How long back a chart looks.</summary>
public sealed record ChartRange(string Code, string Name, TimeSpan Length)
{
    public static readonly IReadOnlyList<ChartRange> All =
        [new("1h", "1 hour", TimeSpan.FromHours(1)), new("6h", "6 hours", TimeSpan.FromHours(6)), new("24h", "24 hours", TimeSpan.FromHours(24)), new("7d", "7 days", TimeSpan.FromDays(7)), new("30d", "30 days", TimeSpan.FromDays(30))];
}

/// <summary><c>/charts</c>: the metrics of the tenant, and one of them drawn.</summary>
sealed class ChartPages(MetricCatalog catalog, MetricQuery query)
{
    const int ShownMetrics = 100;
    const int ReadAtOnce = 16;
    const string Percentiles = "P50,P95,P99";
    static readonly Aggregate[] Three = [Aggregate.Percentile(50), Aggregate.Percentile(95), Aggregate.Percentile(99)];

    public static readonly IReadOnlyList<string> Shows = [Percentiles, "AVG", "MIN", "MAX", "SUM", "COUNT"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/charts", (HttpContext context, ChartPages pages) => pages.ShowAsync(context)).Requires(Role.Reader).ExcludeFromDescription();

    async Task<IReadOnlyDictionary<MetricKey, MetricStep>> LastAsync(string tenant, IReadOnlyList<MetricKey> metrics, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = new ConcurrentDictionary<MetricKey, MetricStep>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(metrics, parallel, async (metric, token) =>
        {
            if (await query.LastAsync(tenant, metric, now, token) is { } step)
            {
                last[metric] = step;
            }
        });
        return last;
    }

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (tenant, frame, asked) = (context.Caller().Tenant, PageFrame.Of(context, "Charts"), context.Request.Query);
        var (_, next) = context.Request.Paging();
        var (metrics, more) = await catalog.ListAsync(tenant, ShownMetrics, next, context.RequestAborted);
        var sorted = metrics.Select(known => known.Key).OrderBy(metric => metric.Namespace, StringComparer.OrdinalIgnoreCase).ThenBy(metric => metric.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var range = ChartRange.All.FirstOrDefault(known => known.Code == asked["range"]) ?? ChartRange.All[0];
        var show = Aggregate.Parse(asked["show"])?.ToString() ?? Percentiles;
        if (asked["name"].ToString() is not { Length: > 0 } name)
        {
            return new Page<ChartsPage>(frame, ("Metrics", sorted), ("Last", await LastAsync(tenant, sorted, frame.Now, context.RequestAborted)), ("Next", more), ("Range", range), ("Show", show));
        }

        var metric = new MetricKey(asked["namespace"].ToString(), name);
        if (!await catalog.IsKnownAsync(tenant, metric, context.RequestAborted))
        {
            return NotFound.Of(context);
        }

        var only = asked["dimension"].FirstOrDefault() ?? "";
        ChartView? chart = null;
        string? problem = null;
        try
        {
            var window = MetricWindow.Of(frame.Now - range.Length, MetricWindow.EndOf(frame.Now), null);
            chart = ChartView.Of(metric, window, await query.RunAsync(tenant, metric, Dimensions.Wanted([only]), window, context.RequestAborted), show == Percentiles ? Three : [Aggregate.Parse(show)!.Value]);
        }
        catch (Exception wrong) when (wrong is TooManyRowsException or InvalidRequestException)
        {
            problem = wrong.Message;
        }

        return new Page<ChartsPage>(
            frame with { Title = metric.ToString() }, ("Metrics", sorted), ("Next", more), ("Range", range), ("Show", show), ("Metric", metric), ("Chart", chart), ("Problem", problem), ("Only", only));
    }
}
