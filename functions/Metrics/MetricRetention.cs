using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>Due kind <c>metric</c>: once a day the hours of a metric that are older than 400 d go, and the markers of messages after two days.</summary>
public sealed partial class MetricRetention(MetricStore store, MetricCatalog catalog, DueIndex due, ILogger<MetricRetention> log) : IDueHandler
{
    public const string DueKind = "metric";
    public static readonly TimeSpan Keep = TimeSpan.FromDays(400);
    static readonly TimeSpan KeepMarkers = TimeSpan.FromDays(2);

    public string Kind => DueKind;

    /// <summary>At the next midnight, so that whoever adds it within the day adds the same row.</summary>
    public static DueItem Next(string tenant, string metric, DateTimeOffset now) => new(DueKind, tenant, metric, new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        return DueLooks.EachAsync(
            rows.DistinctBy(row => (row.Item.Tenant, row.Item.Id)),
            row => LookAsync(row, tick.Now, cancellationToken),
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));
    }

    async Task<bool> LookAsync(DueRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.DropAsync(row.Item.Tenant, row.Item.Id, now - Keep, now - KeepMarkers, cancellationToken) && !row.IsFresh(now))
        {
            await catalog.ForgetAsync(row.Item.Tenant, row.Item.Id, cancellationToken);
        }
        else
        {
            await due.AddAsync([Next(row.Item.Tenant, row.Item.Id, now)], now, cancellationToken);
        }

        return true;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old hours of metric {Metric} could not be dropped: {Reason}")]
        public static partial void Failed(ILogger log, string metric, string reason);
    }
}
