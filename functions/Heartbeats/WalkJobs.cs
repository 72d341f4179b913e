using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Once an hour and shard a slice of the state rows is walked, all within a day: a job whose deadline has no index row
/// is indexed again, and that is an incident of Watchdesk itself. Markers of messages are dropped after two days.
/// The due item's id is <c>{shard}~{where the walk goes on}</c>.
/// </summary>
public sealed partial class WalkJobs(ITables tables, JobRows jobs, DueIndex due, IncidentDesk desk, ILogger<WalkJobs> logger) : IDueHandler
{
    public const string DueKind = "walk";
    const int PagesPerHour = 4;
    const string FirstJob = "0";
    static readonly TimeSpan KeepMarkers = TimeSpan.FromDays(2);

    public string Kind => DueKind;

    /// <summary>Sees to it that the shard of a job is walked; the same row whoever adds it within the hour.</summary>
    public static DueItem First(string tenant, int shard, DateTimeOffset now) => Item(tenant, shard, FirstJob, now);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var walks = rows.Select(row => (row.Item.Tenant, At: row.Item.Id.Split('~', 2))).GroupBy(walk => (walk.Tenant, Shard: walk.At[0]), walk => walk.At[1]);
        foreach (var walk in walks)
        {
            var shard = int.Parse(walk.Key.Shard, CultureInfo.InvariantCulture);
            var partition = JobRows.Partition(walk.Key.Tenant, shard);
            var next = await WalkAsync(walk.Key.Tenant, partition, walk.Max(StringComparer.Ordinal)!, tick.Now, cancellationToken);
            await DropMarkersAsync(partition, tick.Now, cancellationToken);
            await due.AddAsync([Item(walk.Key.Tenant, shard, next, tick.Now)], tick.Now, cancellationToken);
        }

        return [];
    }

    /// <summary>At the next full hour, so that walks of one shard meet and become one.</summary>
    static DueItem Item(string tenant, int shard, string from, DateTimeOffset now) =>
        new(DueKind, tenant, $"{shard:D2}~{from}", new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero));

    async Task<string> WalkAsync(string tenant, string partition, string from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Tables.JobState, partition, from, "m~");
        for (var pages = 0; pages < PagesPerHour; pages++)
        {
            var (page, continuation) = await jobs.QueryAsync(query, tenant, cancellationToken);
            foreach (var row in page)
            {
                await CheckAsync(row, now, cancellationToken);
            }

            if (continuation is null)
            {
                return FirstJob;
            }

            from = page.Count > 0 ? page[^1].Job.Id + "~" : from;
            query = query with { Continuation = continuation };
        }

        return from;
    }

    async Task CheckAsync(JobRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var look = JobOutlook.At(row.Job, row.State, now).NextLook;
        if (look is null || await IsIndexedAsync(row, look.Value, cancellationToken))
        {
            return;
        }

        LogLost(logger, row.Tenant, row.Job.Id, look.Value);
        await due.AddAsync([Due(row, look.Value)], now, cancellationToken);
        var signal = new Signal(
            $"self:index:{row.Job.Id}", $"Watchdesk: deadline of {row.Job.Name}", now.ToUnixTimeMilliseconds(), Severity.Warning,
            $"{row.Job.Name} had no row in the due index for its deadline {look:O}; it has one again. Nothing was watching it since it was last heard of.", now, Link: $"/jobs/{row.Job.Id}");
        await desk.TellAsync(Tenant.Main, [signal], now, isCatchUp: false, cancellationToken);
    }

    /// <summary>The row that the state relies on stands, and comes no later than the deadline.</summary>
    async Task<bool> IsIndexedAsync(JobRow row, DateTimeOffset look, CancellationToken cancellationToken) =>
        row.State.IndexedAt <= look.ToUnixTimeMilliseconds() && await due.ContainsAsync(Due(row, JobOutlook.Instant(row.State.IndexedAt)), cancellationToken);

    static DueItem Due(JobRow row, DateTimeOffset at) => new(ApplyEvents.DueKind, row.Tenant, row.Job.Id, at);

    async Task DropMarkersAsync(string partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = $"m~{Keys.NewId(now - KeepMarkers)[..12]}";
        var query = new TableQuery(Tables.JobState, partition, "m~", before, ["PartitionKey", "RowKey"]);
        TablePage page;
        do
        {
            page = await tables.QueryAsync(query, cancellationToken);
            foreach (var chunk in page.Rows.Chunk(100))
            {
                await tables.WriteAsync(Tables.JobState, [.. chunk.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
            }
        }
        while (page.Continuation is not null);
    }

    [LoggerMessage(1, LogLevel.Error, "Job {Tenant}/{Job} had no due index row at or before {Deadline}; indexed again")]
    static partial void LogLost(ILogger logger, string tenant, string job, DateTimeOffset deadline);
}
