using System.Collections.Concurrent;
using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>
/// Due kind <c>walk</c>: once an hour a slice of each partition of state rows is walked, all within a day. An expectation whose due row is lost
/// is indexed again and reported; markers of messages are dropped after two days. The id is <c>{source}~{shard}~{where the walk goes on}</c>.
/// </summary>
public sealed partial class ExpectationWalk(ITables tables, DueIndex due, IEnumerable<WalkSource> sources, NoteLost noteLost, ILogger<ExpectationWalk> log) : IDueHandler
{
    public const string DueKind = "walk";
    const int PageRows = 100;
    const int PagesPerHour = 40;
    const int ReadsAtOnce = 16;
    const string FirstKey = "0";
    static readonly TimeSpan KeepMarkers = TimeSpan.FromDays(2);

    /// <summary>A tick may run for 90 s after its "now", and pushes rows from there.</summary>
    static readonly TimeSpan TickMargin = TimeSpan.FromMinutes(2);

    readonly Dictionary<string, WalkSource> _sources = sources.ToDictionary(source => source.Name, StringComparer.Ordinal);

    public string Kind => DueKind;

    /// <summary>Sees to it that a shard is walked; the same row whoever adds it within the hour.</summary>
    public static DueItem First(string source, string tenant, int shard, DateTimeOffset now) => Item(source, tenant, shard, FirstKey, now);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        foreach (var walk in rows.Select(row => Parse(row.Item)).GroupBy(walk => (walk.Source, walk.Tenant, walk.Shard), walk => walk.From))
        {
            var (name, tenant, shard) = walk.Key;
            var source = _sources[name];
            var partition = source.Partition(tenant, shard);
            var next = await WalkAsync(source, tenant, partition, walk.Max(StringComparer.Ordinal)!, tick, cancellationToken);
            if (source.Markers is { } markers)
            {
                await DropAsync(new TableQuery(source.Table, partition, markers, $"{markers}{Keys.NewId(tick.Now - KeepMarkers)[..12]}", ["PartitionKey", "RowKey"]), cancellationToken);
            }

            await due.AddAsync([Item(name, tenant, shard, next, tick.Now)], tick.Now, cancellationToken);
        }

        return [];
    }

    /// <summary>At the next full hour, so that walks of one shard meet and become one.</summary>
    static DueItem Item(string source, string tenant, int shard, string from, DateTimeOffset now) =>
        new(DueKind, tenant, string.Create(CultureInfo.InvariantCulture, $"{source}~{shard:D2}~{from}"), DueKeys.HourOf(now) + DueKeys.Hour);

    /// <summary>Of a version that walked each table by a handler of its own: jobs under <c>{shard}~{from}</c>.</summary>
    static (string Source, string Tenant, int Shard, string From) Parse(DueItem item)
    {
        var parts = (char.IsAsciiDigit(item.Id[0]) ? $"job~{item.Id}" : item.Id).Split('~', 3);
        return (parts[0], item.Tenant, int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    async Task<string> WalkAsync(WalkSource source, string tenant, string partition, string from, TickContext tick, CancellationToken cancellationToken)
    {
        var query = new TableQuery(source.Table, partition, from, source.Markers, Limit: PageRows);
        for (var pages = 0; pages < PagesPerHour; pages++)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            await CheckAsync(source, tenant, page.Rows, tick, cancellationToken);
            if (page.Continuation is null)
            {
                return FirstKey;
            }

            from = page.Rows.Count > 0 ? page.Rows[^1].RowKey + "~" : from;
            query = query with { Continuation = page.Continuation };
        }

        return from;
    }

    async Task CheckAsync(WalkSource source, string tenant, IReadOnlyList<TableRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var missed = await FindMissedAsync(source, tenant, rows, cancellationToken);
        if (missed.Count == 0)
        {
            return;
        }

        // Somebody may have looked at them since they were read, and a row that could not be handled was pushed ahead.
        var again = await Task.WhenAll(missed.Select(missing => tables.GetAsync(source.Table, missing.Row.PartitionKey, missing.Row.RowKey, cancellationToken: cancellationToken)));
        missed = await FindMissedAsync(source, tenant, [.. again.OfType<TableRow>()], cancellationToken);
        var pushed = await due.FindAsync([.. missed.Select(missing => missing.Due)], (tick.LastTickAt ?? tick.Now) - TickMargin, tick.Now + TickMargin, cancellationToken);
        var lost = missed.Where(missing => !pushed.Contains(missing.Due)).ToArray();
        if (lost.Length == 0)
        {
            return;
        }

        await due.AddAsync([.. lost.Select(missing => missing.Due)], tick.Now, cancellationToken);
        foreach (var missing in lost)
        {
            Log.Lost(log, missing.Due.Kind, tenant, missing.Due.Id, missing.Due.Deadline);
        }

        await noteLost([.. lost.Select(missing => missing.Expectation)], tick.Now, cancellationToken);
    }

    async Task<IReadOnlyCollection<(TableRow Row, Expectation Expectation, DueItem Due)>> FindMissedAsync(WalkSource source, string tenant, IReadOnlyList<TableRow> rows, CancellationToken cancellationToken)
    {
        var missed = new ConcurrentBag<(TableRow, Expectation, DueItem)>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(rows, limits, async (row, token) =>
        {
            if (source.Read(tenant, row) is { Due: { } item } owed && !await due.ContainsAsync(item, token))
            {
                missed.Add((row, owed, item));
            }
        });
        return missed;
    }

    async Task DropAsync(TableQuery query, CancellationToken cancellationToken)
    {
        TablePage page;
        do
        {
            page = await tables.QueryAsync(query, cancellationToken);
            foreach (var chunk in page.Rows.Chunk(100))
            {
                await tables.WriteAsync(query.Table, [.. chunk.Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey))], cancellationToken);
            }
        }
        while (page.Continuation is not null);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Kind} {Tenant}/{Id} had no due row at or before {Deadline}; indexed again")]
        public static partial void Lost(ILogger log, string kind, string tenant, string id, DateTimeOffset deadline);
    }
}
