namespace Watchdesk.Schedules;

/// <summary>
/// How late arrivals were against equal spacing, as a share of the window: counters of 34 bands, each at most 11 % wider
/// than the one before, between the shares that can make a difference. Immutable; the past fades by halving.
/// </summary>
public sealed class Lateness
{
    public static readonly Lateness None = new(new int[Bands]);

    internal const int Bands = 34;
    const int HalveAt = 1000;

    /// <summary>Up to 1/150 of the window, or beyond 1/6 of it, the tolerance has met its bound anyway.</summary>
    const double LeastShare = 1.0 / 150;
    const double MostShare = 1.0 / 6;

    static readonly double Step = Math.Pow(MostShare / LeastShare, 1.0 / (Bands - 2));

    readonly int[] _counts;

    internal Lateness(int[] counts) => _counts = counts;

    internal ReadOnlySpan<int> Counts => _counts;

    public Lateness Add(TimeSpan late, TimeSpan window)
    {
        var counts = (int[])_counts.Clone();
        if (counts.Sum() >= HalveAt)
        {
            counts = Array.ConvertAll(counts, count => count / 2);
        }

        counts[Band(late / window)]++;
        return new Lateness(counts);
    }

    /// <summary>
    /// 95th percentile by the nearest rank, on the safe side: two standard errors of that rank higher, so the largest of
    /// up to 76, and rounded up to the end of its band.
    /// </summary>
    public TimeSpan P95(TimeSpan window)
    {
        var rank = Rank(_counts.Sum());
        var band = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[band])
        {
            band++;
        }

        return rank == 0 ? TimeSpan.Zero : window * (LeastShare * Math.Pow(Step, band));
    }

    internal static int Rank(int count) => Math.Min(count, (int)Math.Ceiling((0.95 * count) + (2 * Math.Sqrt(0.95 * 0.05 * count))));

    static int Band(double share) =>
        share <= LeastShare ? 0 : Math.Min(Bands - 1, (int)Math.Ceiling(Math.Log(share / LeastShare) / Math.Log(Step)));
}
