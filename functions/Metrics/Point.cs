namespace Watchdesk.Metrics;

/// <summary>One value of a metric, or a histogram of many.</summary>
/// <param name="Id">32 hex digits, given when it was accepted.</param>
/// <param name="Namespace">The system that it belongs to, for example Recommendation; empty when none was given.</param>
/// <param name="At">Unix milliseconds, never after <paramref name="ReceivedAt"/>.</param>
/// <param name="Dimensions">Canonical JSON object of texts, sorted by name; <c>{}</c> for none.</param>
/// <param name="Histogram">Null for a single value.</param>
public sealed record Point(string Id, string Namespace, string Name, long At, long ReceivedAt, string Dimensions, double Value, Histogram? Histogram = null)
{
    public MetricKey Metric => new(Namespace, Name);

    public void AddTo(Sketch sketch)
    {
        if (Histogram is null)
        {
            sketch.Add(Value, 1);
        }
        else
        {
            Histogram.AddTo(sketch);
        }
    }
}

/// <summary>Values that were counted by a sender.</summary>
/// <param name="Counts">A value for each bucket and how many lie in it.</param>
public sealed record Histogram(double Sum, double Min, double Max, IReadOnlyList<(double Value, long Count)> Counts)
{
    public const int MaxBuckets = 2000;
    public const long MaxCount = 1_000_000_000_000;

    public void AddTo(Sketch sketch)
    {
        foreach (var (value, count) in Counts)
        {
            sketch.AddBucket(value, count);
        }

        sketch.Sum += Sum;
        sketch.Min = Math.Min(sketch.Min, Min);
        sketch.Max = Math.Max(sketch.Max, Max);
    }
}

/// <summary>A metric of a tenant: the same name in another namespace is another metric.</summary>
public readonly record struct MetricKey(string Namespace, string Name)
{
    public const int MaxName = 200;

    /// <summary>Whether it can be named in a rule: no white space and no control characters.</summary>
    public static bool IsName(string? text) => text is { Length: > 0 and <= MaxName } && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));

    /// <summary>Empty, or a text without control characters.</summary>
    public static bool IsNamespace(string text) => text.Length <= MaxName && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
