using Watchdesk.Clients;

namespace Watchdesk.Metrics;

/// <summary>"What would have fired?": the points of the last 30 days through the same engine, without writing anything.</summary>
public sealed class RuleTrial(MetricStore store, RuleStore rules, TimeProvider clock)
{
    public static readonly TimeSpan Range = TimeSpan.FromDays(30);

    /// <summary>16 bytes each.</summary>
    const int MostBuckets = 2_000_000;

    const int RulesRead = 1000;

    /// <exception cref="FormatException">The rule is wrong; the text says where.</exception>
    /// <exception cref="TooManyRowsException">A single day is more than can be read.</exception>
    public async Task<TrialAnswer> RunAsync(string tenant, RuleRequest request, CancellationToken cancellationToken)
    {
        var to = clock.GetUtcNow();
        var rule = Rule.Of(Keys.NewId(to), request, to);
        var (minutes, from) = await LoadAsync(tenant, rule, to, cancellationToken);
        var (known, _) = await rules.ListAsync(tenant, RulesRead, null, cancellationToken);
        var stored = known.FirstOrDefault(row => row.Rule.Name == rule.Name && row.Rule.Namespace == rule.Namespace);
        return RuleReplay.Run(rule, minutes, from, to, stored is null ? null : KnownFirings.Of(stored));
    }

    /// <summary>Day by day backwards, as far as it fits.</summary>
    async Task<(IReadOnlyList<(DateTimeOffset Minute, Sketch Sketch)> Minutes, DateTimeOffset From)> LoadAsync(string tenant, Rule rule, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var days = new Stack<SortedDictionary<DateTimeOffset, Sketch>>();
        var (end, earliest, buckets) = (MetricWindow.Ceiling(to), MetricWindow.Floor(to - Range), 0L);
        while (end > earliest && buckets < MostBuckets)
        {
            var start = end.AddDays(-1) < earliest ? earliest : end.AddDays(-1);
            var day = new SortedDictionary<DateTimeOffset, Sketch>();
            await foreach (var (minute, sketch) in store.ReadAsync(tenant, rule.Metric, rule.Dimensions, start, end, cancellationToken))
            {
                if (day.TryGetValue(minute, out var sum))
                {
                    sum.Merge(sketch);
                }
                else
                {
                    day[minute] = sketch;
                }
            }

            buckets += day.Values.Sum(sketch => (long)sketch.Positive.Length + sketch.Negative.Length);
            days.Push(day);
            end = start;
        }

        return ([.. days.SelectMany(day => day).Select(pair => (pair.Key, pair.Value))], end);
    }
}
