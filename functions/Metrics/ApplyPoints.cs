using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;

namespace Watchdesk.Metrics;

/// <summary>
/// Brings points from the inbox into the rows of their hours, each message once: it is cut into parts, always in the same
/// way, and a transaction holds rows and an inserted row <c>m~{message}~{part}</c> for every part. A conflict on that row means
/// that the part has been counted.
/// </summary>
public sealed class ApplyPoints(MetricStore store, MetricCatalog catalog) : IInboxConsumer
{
    const int MaxRows = 90;

    /// <summary>Minutes that one transaction writes: with 16 KiB each, below the 4 MiB of a transaction.</summary>
    const int MaxMinutes = 140;

    const int PartitionsAtOnce = 16;
    const int RowsAtOnce = 8;

    public string Kind => PointItem.Kind;

    public string LogKind => "point";

    public object Read(JsonElement items) => items.EnumerateArray().Select(PointItem.Read).ToArray();

    public Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<MetricKey, List<Part>>();
        foreach (var message in messages)
        {
            foreach (var metric in ((Point[])message.Items).GroupBy(point => point.Metric))
            {
                if (!parts.TryGetValue(metric.Key, out var list))
                {
                    parts[metric.Key] = list = [];
                }

                list.AddRange(Cut(message.Id, metric));
            }
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(parts, parallel, async (metric, token) => await ApplyAsync(tenant, metric.Key, metric.Value, now, token));
    }

    /// <summary>The same parts at every delivery of the message.</summary>
    static IEnumerable<Part> Cut(string message, IEnumerable<Point> points)
    {
        var (rows, minutes, number) = (0, 0, 0);
        var part = new List<Point>();
        foreach (var row in points.GroupBy(point => (Hour: MetricRow.HourOf(point.At), point.Dimensions)).OrderBy(row => row.Key.Hour, StringComparer.Ordinal).ThenBy(row => row.Key.Dimensions, StringComparer.Ordinal))
        {
            var more = row.Select(point => MetricRow.MinuteOf(point.At)).Distinct().Count();
            if (part.Count > 0 && (rows == MaxRows || minutes + more > MaxMinutes))
            {
                yield return new Part($"m~{message}~{number++}", part, rows, minutes);
                (rows, minutes, part) = (0, 0, []);
            }

            (rows, minutes) = (rows + 1, minutes + more);
            part.AddRange(row);
        }

        yield return new Part($"m~{message}~{number}", part, rows, minutes);
    }

    async Task ApplyAsync(string tenant, MetricKey metric, List<Part> parts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sets = parts.SelectMany(part => part.Points).Select(point => point.Dimensions).ToHashSet(StringComparer.Ordinal);
        var under = await catalog.RegisterAsync(tenant, metric, sets, now, cancellationToken);
        var hashes = under.Values.Distinct(StringComparer.Ordinal).ToDictionary(set => set, Keys.Hash, StringComparer.Ordinal);
        var partition = MetricStore.Partition(tenant, MetricStore.Hash(metric));
        for (var next = 0; next < parts.Count;)
        {
            var unit = TakeUnit(parts, ref next);
            while (unit.Count > 0)
            {
                var rows = await AddAsync(partition, unit.SelectMany(part => part.Points), point => (under[point.Dimensions], hashes[under[point.Dimensions]]), cancellationToken);
                if (await store.WriteAsync(rows, [.. unit.Select(part => part.Marker)], cancellationToken) is not { } counted)
                {
                    break;
                }

                if (counted >= 0)
                {
                    unit.RemoveAt(counted);
                }
            }
        }
    }

    /// <summary>As many parts, in their order, as one transaction holds.</summary>
    static List<Part> TakeUnit(List<Part> parts, ref int next)
    {
        var unit = new List<Part> { parts[next++] };
        var (rows, minutes) = (unit[0].Rows, unit[0].Minutes);
        for (; next < parts.Count && unit.Count < TableRules.MaxOperations - MaxRows && (rows += parts[next].Rows) <= MaxRows && (minutes += parts[next].Minutes) <= MaxMinutes; next++)
        {
            unit.Add(parts[next]);
        }

        return unit;
    }

    async Task<IReadOnlyList<MetricRow>> AddAsync(string partition, IEnumerable<Point> points, Func<Point, (string Set, string Hash)> under, CancellationToken cancellationToken)
    {
        var groups = points.GroupBy(point => MetricStore.RowKey(point, under(point).Hash)).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var rows = new MetricRow[groups.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = RowsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, groups.Length, parallel, async (n, token) =>
        {
            var minutes = groups[n].Select(point => MetricRow.MinuteOf(point.At)).ToHashSet();
            rows[n] = await store.TakeAsync(partition, groups[n].Key, under(groups[n].First()).Set, minutes, token);
            foreach (var point in groups[n])
            {
                rows[n].Add(point);
            }
        });
        return rows;
    }

    sealed record Part(string Marker, IReadOnlyList<Point> Points, int Rows, int Minutes);
}
