namespace Watchdesk.Metrics;

/// <summary>
/// A DDSketch: counts of values in buckets that grow by a constant factor, so that a percentile is off by at most
/// <see cref="RelativeError"/> of its own size, for negative values and zero too. Merging two loses nothing.
/// </summary>
public sealed class Sketch
{
    public const double RelativeError = 0.01;

    /// <summary>Larger values are refused where they come in: sums stay finite.</summary>
    public const double MaxValue = 1e150;

    const double Gamma = (1 + RelativeError) / (1 - RelativeError);

    /// <summary>Smaller magnitudes have no full precision of their own and count as zero.</summary>
    const double Smallest = 2.2250738585072014e-308;

    static readonly double LogGamma = Math.Log(Gamma);

    /// <summary>Buckets of positive values.</summary>
    public Buckets Positive { get; } = new();

    /// <summary>Buckets of the magnitudes of negative values.</summary>
    public Buckets Negative { get; } = new();

    public long Zeros { get; set; }

    public long Count { get; set; }

    public double Sum { get; set; }

    /// <summary>Infinite when there is nothing.</summary>
    public double Min { get; set; } = double.PositiveInfinity;

    public double Max { get; set; } = double.NegativeInfinity;

    /// <summary>It grew over its size: its lowest buckets are one, and low percentiles may be off by more.</summary>
    public bool IsCollapsed { get; set; }

    public bool IsEmpty => Count == 0;

    public static Sketch Of(double value)
    {
        var sketch = new Sketch();
        sketch.Add(value, 1);
        return sketch;
    }

    public void Add(double value, long times)
    {
        AddBucket(value, times);
        Sum += value * times;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
    }

    /// <summary>Without sum, min and max: of a histogram they are known better than from its buckets.</summary>
    public void AddBucket(double value, long times)
    {
        Count = Buckets.Plus(Count, times);
        switch (value)
        {
            case >= Smallest:
                Positive.Add(IndexOf(value), times);
                break;
            case <= -Smallest:
                Negative.Add(IndexOf(-value), times);
                break;
            default:
                Zeros = Buckets.Plus(Zeros, times);
                break;
        }
    }

    public void Merge(Sketch other)
    {
        Positive.Merge(other.Positive);
        Negative.Merge(other.Negative);
        Zeros = Buckets.Plus(Zeros, other.Zeros);
        Count = Buckets.Plus(Count, other.Count);
        Sum += other.Sum;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        IsCollapsed |= other.IsCollapsed;
    }

    /// <summary>The percentile by nearest rank: the value at place ⌈percent / 100 × count⌉ in ascending order. 0 is the least, 100 the greatest, both exact.</summary>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public double Percentile(int percent)
    {
        if (IsEmpty)
        {
            throw new InvalidOperationException("A sketch without values has no percentile.");
        }

        return percent <= 0 ? Min : percent >= 100 ? Max : Math.Clamp(ValueAt((long)((((Int128)percent * Count) + 99) / 100)), Min, Max);
    }

    /// <param name="rank">From 1.</param>
    double ValueAt(long rank)
    {
        var seen = 0L;
        for (var n = Negative.Length - 1; n >= 0; n--)
        {
            if ((seen = Buckets.Plus(seen, Negative.CountAt(n))) >= rank)
            {
                return -ValueOf(Negative.IndexAt(n));
            }
        }

        if ((seen = Buckets.Plus(seen, Zeros)) >= rank)
        {
            return 0;
        }

        for (var n = 0; n < Positive.Length; n++)
        {
            if ((seen = Buckets.Plus(seen, Positive.CountAt(n))) >= rank)
            {
                return ValueOf(Positive.IndexAt(n));
            }
        }

        return Max;
    }

    static int IndexOf(double magnitude) => (int)Math.Ceiling(Math.Log(magnitude) / LogGamma);

    /// <summary>In the middle of the bucket, equally far from both ends relative to them.</summary>
    static double ValueOf(int index) => 2 * Math.Exp(index * LogGamma) / (Gamma + 1);
}
