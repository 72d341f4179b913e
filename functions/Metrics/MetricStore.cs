using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using Watchdesk.Clients;

namespace Watchdesk.Metrics;

/// <summary>
/// The table metrics. PK <c>{tenant}~{sha256 of namespace and name}</c>: RK <c>{yyyyMMddHH}~{sha256 of the dimensions}</c> an
/// hour of one dimension set, <c>m~{message}~{part}</c> a part of a message that was counted, <c>d~{sha256}</c> a dimension
/// set that is known. PK <c>{tenant}</c>, RK <c>{sha256}</c>: a metric that is known. Rows that were written lately are
/// kept with their ETag: a write on a stale one is refused and the row read again.
/// </summary>
public sealed class MetricStore(ITables tables)
{
    /// <summary>Rows of one query: more would be more than an answer can show.</summary>
    public const int MaxRowsRead = 20_000;

    const int MaxRemembered = 4096;

    readonly ConcurrentDictionary<(string Partition, string Key), MetricRow> _remembered = new();

    public static string Hash(MetricKey metric) => Keys.Hash($"{metric.Namespace}\n{metric.Name}");

    public static string Partition(string tenant, string metric) => $"{tenant}~{metric}";

    public static string RowKey(Point point, string dimensionsHash) => $"{MetricRow.HourOf(point.At)}~{dimensionsHash}";

    /// <summary>The row as it is stored, or a new one. It belongs to the caller alone until it is written.</summary>
    public async Task<MetricRow> TakeAsync(string partition, string key, string dimensions, IReadOnlyCollection<int> minutes, CancellationToken cancellationToken)
    {
        if (_remembered.TryRemove((partition, key), out var known) && known.Holds(minutes))
        {
            return known;
        }

        return await tables.GetAsync(Tables.Metrics, partition, key, MetricRow.Columns(minutes), cancellationToken) is { } stored
            ? MetricRow.Read(stored, minutes)
            : new MetricRow(partition, key, dimensions, null, 0);
    }

    /// <summary>Rows of one partition and the markers of the parts that they hold, in one transaction.</summary>
    /// <returns>Null when done; else which of the markers was there already, or -1 when a row had changed.</returns>
    public async Task<int?> WriteAsync(IReadOnlyList<MetricRow> rows, IReadOnlyList<string> markers, CancellationToken cancellationToken)
    {
        var partition = rows[0].Partition;
        TableWrite[] writes = [.. rows.Select(row => row.Write()), .. markers.Select(marker => TableWrite.Insert(new TableRow(partition, marker) { ["V"] = 1 }))];
        var result = await tables.WriteAsync(Tables.Metrics, writes, cancellationToken);
        if (!result.IsDone)
        {
            return Math.Max(-1, result.FailedIndex - rows.Count);
        }

        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        for (var n = 0; n < rows.Count; n++)
        {
            _remembered[(partition, rows[n].Key)] = rows[n].Written(result.ETags[n]);
        }

        return null;
    }

    /// <summary>The sketches of each minute from <paramref name="from"/> up to before <paramref name="to"/>, hour by hour.</summary>
    /// <param name="dimensions">Only of sets that have all these pairs; null for all sets.</param>
    /// <exception cref="TooManyRowsException">There are more rows than a query may read.</exception>
    public async IAsyncEnumerable<(DateTimeOffset Minute, Sketch Sketch)> ReadAsync(
        string tenant, MetricKey metric, IReadOnlyDictionary<string, string>? dimensions, DateTimeOffset from, DateTimeOffset to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (to <= from)
        {
            yield break;
        }

        var (first, last) = (MetricRow.HourOf(from.ToUnixTimeMilliseconds()), MetricRow.HourOf(to.AddTicks(-1).ToUnixTimeMilliseconds()));
        var minutes = first == last ? Enumerable.Range(from.Minute, (int)Math.Ceiling((to - from).TotalMinutes)).Where(minute => minute < 60).ToArray() : null;
        var query = new TableQuery(Tables.Metrics, Partition(tenant, Hash(metric)), first, last + "~~", minutes is null ? null : MetricRow.Columns(minutes));
        var rows = 0;
        await foreach (var row in tables.QueryAllAsync(query, cancellationToken))
        {
            if (++rows > MaxRowsRead)
            {
                throw new TooManyRowsException();
            }

            if (dimensions is not null && !Dimensions.Has(row.Text("D") ?? Dimensions.None, dimensions))
            {
                continue;
            }

            var hour = HourOf(row);
            for (var n = 0; n < 60; n++)
            {
                var minute = hour.AddMinutes(n);
                if (minute >= from && minute < to && row.Bytes(MetricRow.Property(n)) is { } bytes)
                {
                    yield return (minute, SketchCodec.Read(bytes));
                }
            }
        }
    }

    /// <summary>The latest minute of this hour or the one before that has values, of all dimension sets; null when none has.</summary>
    public async Task<DateTimeOffset?> FindLastAsync(string tenant, MetricKey metric, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (first, last) = (MetricRow.HourOf(now.AddHours(-1).ToUnixTimeMilliseconds()), MetricRow.HourOf(now.ToUnixTimeMilliseconds()));
        DateTimeOffset? latest = null;
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Metrics, Partition(tenant, Hash(metric)), first, last + "~~", MetricRow.Columns([])), cancellationToken))
        {
            var minute = HourOf(row).AddMinutes(BitOperations.Log2((ulong)row.Number("P")));
            latest = latest > minute ? latest : minute;
        }

        return latest;
    }

    static DateTimeOffset HourOf(TableRow row) => DateTimeOffset.ParseExact(row.RowKey[..10], "yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Hours before <paramref name="keep"/> and markers of messages older than <paramref name="keepMarkers"/> go.</summary>
    /// <returns>True when the metric has no hour left.</returns>
    public async Task<bool> DropAsync(string tenant, string metric, DateTimeOffset keep, DateTimeOffset keepMarkers, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant, metric);
        await DropAsync(new TableQuery(Tables.Metrics, partition, "0", MetricRow.HourOf(keep.ToUnixTimeMilliseconds()), ["PartitionKey", "RowKey"]), cancellationToken);
        await DropAsync(new TableQuery(Tables.Metrics, partition, "m~", $"m~{Keys.NewId(keepMarkers)[..12]}", ["PartitionKey", "RowKey"]), cancellationToken);
        return (await tables.QueryAsync(new TableQuery(Tables.Metrics, partition, "0", ":", ["RowKey"], Limit: 1), cancellationToken)).Rows.Count == 0;
    }

    async Task DropAsync(TableQuery query, CancellationToken cancellationToken)
    {
        TablePage page;
        do
        {
            page = await tables.QueryAsync(query, cancellationToken);
            foreach (var chunk in page.Rows.Chunk(TableRules.MaxOperations))
            {
                await tables.WriteAsync(Tables.Metrics, [.. chunk.Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey))], cancellationToken);
            }
        }
        while (page.Continuation is not null);
    }
}

/// <summary>A query would read more than is allowed.</summary>
public sealed class TooManyRowsException() : Exception($"That is more than {MetricStore.MaxRowsRead} hours of dimension sets; ask for a shorter time.");
