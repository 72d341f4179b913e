using Watchdesk.Clients;
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

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var failed = new List<DueRow>();
        foreach (var row in rows.DistinctBy(row => (row.Item.Tenant, row.Item.Id)))
        {
            try
            {
                if (await store.DropAsync(row.Item.Tenant, row.Item.Id, tick.Now - Keep, tick.Now - KeepMarkers, cancellationToken) && !row.IsFresh(tick.Now))
                {
                    await catalog.ForgetAsync(row.Item.Tenant, row.Item.Id, cancellationToken);
                }
                else
                {
                    await due.AddAsync([Next(row.Item.Tenant, row.Item.Id, tick.Now)], tick.Now, cancellationToken);
                }
            }
            catch (RemoteCallException e)
            {
                Log.Failed(log, row.Item.Id, e.Message);
                failed.Add(row);
            }
        }

        return failed;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old hours of metric {Metric} could not be dropped: {Reason}")]
        public static partial void Failed(ILogger log, string metric, string reason);
    }
}
