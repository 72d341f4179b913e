using System.Collections.Concurrent;
using Watchdesk.Clients;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

/// <summary>A metric that is known.</summary>
public sealed record KnownMetric(string Id, MetricKey Key, DateTimeOffset FirstAt);

/// <summary>
/// Which metrics and dimension sets a tenant has, both bounded: a new metric beyond <see cref="MaxMetrics"/> is refused where it
/// comes in, a dimension set beyond <see cref="MaxSets"/> is counted under <see cref="Dimensions.Overflow"/>.
/// </summary>
public sealed class MetricCatalog(ITables tables, DueIndex due, TimeProvider clock)
{
    public const int MaxMetrics = 2000;
    public const int MaxSets = 100;
    const int MaxRemembered = 10_000;

    readonly Remembered<HashSet<string>> _metrics = new(1000, TimeSpan.FromSeconds(30));
    readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _sets = new(StringComparer.Ordinal);

    /// <summary>Metrics in the order of their ids, a page at a time.</summary>
    public async Task<(IReadOnlyList<KnownMetric> Metrics, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Metrics, tenant, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(row => new KnownMetric(row.RowKey, new MetricKey(row.Text("Ns") ?? "", row.Text("Name") ?? ""), row.Time("At") ?? default))], page.Continuation);
    }

    public async Task<bool> IsKnownAsync(string tenant, MetricKey metric, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Metrics, tenant, MetricStore.Hash(metric), ["RowKey"], cancellationToken) is not null;

    /// <summary>The dimension sets of a metric as canonical JSON.</summary>
    public async Task<IReadOnlyList<string>> SetsAsync(string tenant, MetricKey metric, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Tables.Metrics, MetricStore.Partition(tenant, MetricStore.Hash(metric)), "d~"), cancellationToken);
        return [.. page.Rows.Select(row => row.Text("D") ?? Dimensions.None).Order(StringComparer.Ordinal)];
    }

    /// <summary>Those of the metrics that are new while the tenant has all that it may have.</summary>
    public async Task<IReadOnlySet<MetricKey>> FindExcessAsync(string tenant, IReadOnlyCollection<MetricKey> metrics, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_metrics.Get(tenant, now) is not { } known)
        {
            known = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Metrics, tenant, Select: ["RowKey"]), cancellationToken))
            {
                known.Add(row.RowKey);
            }

            _metrics.Set(tenant, known, now);
        }

        var excess = new HashSet<MetricKey>();
        lock (known)
        {
            foreach (var metric in metrics)
            {
                var hash = MetricStore.Hash(metric);
                if (!known.Contains(hash) && (known.Count >= MaxMetrics || !known.Add(hash)))
                {
                    excess.Add(metric);
                }
            }
        }

        return excess;
    }

    /// <summary>Makes the metric and its sets known; the due row that will drop its old hours stands before it does.</summary>
    /// <returns>For each set that was given the one to count it under.</returns>
    public async Task<IReadOnlyDictionary<string, string>> RegisterAsync(
        string tenant, MetricKey metric, IReadOnlyCollection<string> sets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = MetricStore.Hash(metric);
        var partition = MetricStore.Partition(tenant, id);
        if (!_sets.TryGetValue(partition, out var known))
        {
            await due.AddAsync([MetricRetention.Next(tenant, id, now)], now, cancellationToken);
            await tables.WriteAsync(Tables.Metrics, TableWrite.Insert(new TableRow(tenant, id) { ["V"] = 1, ["Ns"] = metric.Namespace, ["Name"] = metric.Name, ["At"] = now }), cancellationToken);
            known = new ConcurrentDictionary<string, bool>((await SetsAsync(tenant, metric, cancellationToken)).Select(set => KeyValuePair.Create(set, true)), StringComparer.Ordinal);
            if (_sets.Count >= MaxRemembered)
            {
                _sets.Clear();
            }

            _sets[partition] = known;
        }

        var under = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            under[set] = known.ContainsKey(set) || known.Count < MaxSets ? set : Dimensions.Overflow;
            if (!known.ContainsKey(under[set]))
            {
                await tables.WriteAsync(Tables.Metrics, TableWrite.Insert(new TableRow(partition, $"d~{Keys.Hash(under[set])}") { ["V"] = 1, ["D"] = under[set] }), cancellationToken);
                known[under[set]] = true;
            }
        }

        return under;
    }

    /// <summary>Nothing is left of the metric.</summary>
    public async Task ForgetAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var partition = MetricStore.Partition(tenant, id);
        _sets.TryRemove(partition, out _);
        var page = await tables.QueryAsync(TableQuery.Prefix(Tables.Metrics, partition, "d~"), cancellationToken);
        foreach (var chunk in page.Rows.Chunk(TableRules.MaxOperations))
        {
            await tables.WriteAsync(Tables.Metrics, [.. chunk.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
        }

        await tables.WriteAsync(Tables.Metrics, TableWrite.Delete(tenant, id), cancellationToken);
    }
}
