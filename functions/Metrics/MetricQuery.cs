namespace Watchdesk.Metrics;

/// <summary>One step of a query, with values.</summary>
public sealed record MetricStep(DateTimeOffset At, Sketch Sketch);

/// <summary>Reads a metric in steps.</summary>
public sealed class MetricQuery(MetricStore store)
{
    /// <summary>The steps that have values, oldest first.</summary>
    /// <param name="dimensions">Only of dimension sets that have all these pairs; null for all sets together.</param>
    /// <exception cref="TooManyRowsException">It would read too much.</exception>
    public async Task<IReadOnlyList<MetricStep>> RunAsync(string tenant, MetricKey metric, IReadOnlyDictionary<string, string>? dimensions, MetricWindow window, CancellationToken cancellationToken)
    {
        var steps = new SortedDictionary<int, Sketch>();
        await foreach (var (minute, sketch) in store.ReadAsync(tenant, metric, dimensions, window.From, window.To, cancellationToken))
        {
            var step = window.StepOf(minute);
            if (steps.TryGetValue(step, out var sum))
            {
                sum.Merge(sketch);
            }
            else
            {
                steps[step] = sketch;
            }
        }

        return [.. steps.Select(pair => new MetricStep(window.From + (pair.Key * window.Step), pair.Value))];
    }

    /// <summary>The values of the latest minute that has some, this hour or the one before; null when there is none.</summary>
    public async Task<MetricStep?> LastAsync(string tenant, MetricKey metric, DateTimeOffset now, CancellationToken cancellationToken) =>
        await store.FindLastAsync(tenant, metric, now, cancellationToken) is { } minute
            ? new MetricStep(minute, await SumAsync(tenant, metric, null, minute, minute.AddMinutes(1), cancellationToken))
            : null;

    /// <summary>All values from <paramref name="from"/> to <paramref name="to"/>, snapped outward to whole minutes.</summary>
    /// <param name="dimensions">Only of dimension sets that have all these pairs; null for all sets together.</param>
    public async Task<Sketch> SumAsync(string tenant, MetricKey metric, IReadOnlyDictionary<string, string>? dimensions, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var sum = new Sketch();
        await foreach (var (_, sketch) in store.ReadAsync(tenant, metric, dimensions, MetricWindow.Floor(from), MetricWindow.Ceiling(to), cancellationToken))
        {
            sum.Merge(sketch);
        }

        return sum;
    }
}
