using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>
/// Once an hour and shard a slice of the series is walked: one whose deadline has no index row is indexed again, and that
/// is an incident of Watchdesk itself. Markers of messages are dropped after two days. The due item's id is <c>{shard}~{where the walk goes on}</c>.
/// </summary>
public sealed partial class WalkSeries(ITables tables, SeriesRows series, DueIndex due, IncidentDesk desk, ILogger<WalkSeries> logger) : IDueHandler
{
    const int PagesPerHour = 4;
    const int PageRows = 100;
    const string FirstSeries = "0";
    static readonly TimeSpan KeepMarkers = TimeSpan.FromDays(2);

    public string Kind => "walk-series";

    /// <summary>Sees to it that a shard is walked; the same row whoever adds it within the hour.</summary>
    public static DueItem First(string tenant, int shard, DateTimeOffset now) => Item(tenant, shard, FirstSeries, now);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var walks = rows.Select(row => (row.Item.Tenant, At: row.Item.Id.Split('~', 2))).GroupBy(walk => (walk.Tenant, Shard: walk.At[0]), walk => walk.At[1]);
        foreach (var walk in walks)
        {
            var shard = int.Parse(walk.Key.Shard, CultureInfo.InvariantCulture);
            var partition = SeriesRows.Partition(walk.Key.Tenant, shard);
            var next = await WalkAsync(walk.Key.Tenant, partition, walk.Max(StringComparer.Ordinal)!, tick.Now, cancellationToken);
            await DropMarkersAsync(partition, tick.Now, cancellationToken);
            await due.AddAsync([Item(walk.Key.Tenant, shard, next, tick.Now)], tick.Now, cancellationToken);
        }

        return [];
    }

    /// <summary>At the next full hour, so that walks of one shard meet and become one.</summary>
    static DueItem Item(string tenant, int shard, string from, DateTimeOffset now) =>
        new("walk-series", tenant, $"{shard:D2}~{from}", new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero));

    async Task<string> WalkAsync(string tenant, string partition, string from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Tables.Series, partition, from, SeriesRows.Markers, Limit: PageRows);
        for (var pages = 0; pages < PagesPerHour; pages++)
        {
            var (page, continuation) = await series.QueryAsync(query, tenant, cancellationToken);
            foreach (var row in page)
            {
                await CheckAsync(row, now, cancellationToken);
            }

            if (continuation is null)
            {
                return FirstSeries;
            }

            from = page.Count > 0 ? page[^1].Id + "~" : from;
            query = query with { Continuation = continuation };
        }

        return from;
    }

    async Task CheckAsync(SeriesRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (row.State.NextLook is not { } look || await IsIndexedAsync(row, look, cancellationToken))
        {
            return;
        }

        LogLost(logger, row.Tenant, row.Id, look);
        await due.AddAsync([row.Due(look)], now, cancellationToken);
        var signal = new Signal(
            $"self:index:{row.Id}", $"Watchdesk: deadline of the mails {row.State.Name}", now.ToUnixTimeMilliseconds(), Severity.Warning,
            $"{row.State.Name} had no row in the due index for its deadline {look:O}; it has one again. Nothing was watching it since its last mail.", now, Link: SeriesTeller.Page);
        await desk.TellAsync(Tenant.Main, [signal], now, isCatchUp: false, cancellationToken);
    }

    /// <summary>The row that the state relies on stands, and comes no later than the deadline.</summary>
    async Task<bool> IsIndexedAsync(SeriesRow row, DateTimeOffset look, CancellationToken cancellationToken) =>
        row.State.IndexedAt <= look.ToUnixTimeMilliseconds()
        && await due.ContainsAsync(row.Due(DateTimeOffset.FromUnixTimeMilliseconds(row.State.IndexedAt)), cancellationToken);

    async Task DropMarkersAsync(string partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = $"{SeriesRows.Markers}{Keys.NewId(now - KeepMarkers)[..12]}";
        var query = new TableQuery(Tables.Series, partition, SeriesRows.Markers, before, ["PartitionKey", "RowKey"]);
        TablePage page;
        do
        {
            page = await tables.QueryAsync(query, cancellationToken);
            foreach (var chunk in page.Rows.Chunk(100))
            {
                await tables.WriteAsync(Tables.Series, [.. chunk.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
            }
        }
        while (page.Continuation is not null);
    }

    [LoggerMessage(1, LogLevel.Error, "Series {Tenant}/{Series} had no due index row at or before {Deadline}; indexed again")]
    static partial void LogLost(ILogger logger, string tenant, string series, DateTimeOffset deadline);
}
