namespace Watchdesk.Schedules;

/// <summary>
/// What a count remembers of arrivals: the last N+V+1 instants, since when it counts, how late they used to be.
/// Immutable, of bounded size, free of who sent them. Times in Unix milliseconds, 0 is never.
/// </summary>
public sealed record Arrivals
{
    public static readonly Arrivals None = new();

    /// <summary>So many arrivals are heard before their lateness is believed.</summary>
    public const int ToLearn = 20;

    /// <summary>A window is full by a hair when it has less than this share of the distance between two arrivals to spare.</summary>
    const int HairsInSpacing = 6;

    /// <summary>Newest first.</summary>
    internal IReadOnlyList<long> Newest { get; init; } = [];

    /// <summary>Arrivals before it belong to another count and are not taken.</summary>
    internal long CountsFrom { get; init; }

    /// <summary>Arrivals since the count began.</summary>
    public long Heard { get; init; }

    /// <summary>There are enough until then if nothing else comes.</summary>
    internal long EnoughUntil { get; init; }

    /// <summary>There are too few from then on if nothing else comes; never goes back.</summary>
    internal long OwedBy { get; init; }

    internal Lateness Lateness { get; init; } = Lateness.None;

    public DateTimeOffset? LastAt => Newest.Count == 0 ? null : Instant(Newest[0]);

    /// <summary>The count begins at <paramref name="at"/>, because N, V or the window changed.</summary>
    public static Arrivals Since(CountSchedule schedule, DateTimeOffset at)
    {
        var from = at.ToUnixTimeMilliseconds();
        return new Arrivals { CountsFrom = from }.EnoughTo(schedule, from + Milliseconds(schedule.Window));
    }

    /// <summary>One more, in any order. Two at the same instant are two.</summary>
    public Arrivals Record(CountSchedule schedule, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        if (ms < CountsFrom)
        {
            return this;
        }

        var next = this with { Newest = With(ms, schedule.Most + 1), Heard = Heard + 1, Lateness = LatenessWith(schedule, ms) };
        var window = Milliseconds(schedule.Window);
        if (next.NewestFull(schedule) is not { } full)
        {
            return EnoughUntil == 0 ? next.EnoughTo(schedule, ms + window) : next;
        }

        var toSpare = full.Start + window - full.End;
        return next.EnoughTo(schedule, full.Start + window, isAmple: toSpare >= Milliseconds(schedule.Spacing) / HairsInSpacing);
    }

    /// <summary>
    /// How far an arrival may be off: a window is judged too full when it is that much shorter, too empty when it is that
    /// much longer. 1.5 times the 95th percentile of past lateness, within a hundredth and a quarter of the window; an
    /// eighth while that is learned; and what the calendar shifts.
    /// </summary>
    internal TimeSpan Tolerance(CountSchedule schedule)
    {
        var window = schedule.Window;
        if (Heard < ToLearn)
        {
            return window / 8;
        }

        var tolerance = (Lateness.P95(window) * 1.5) + schedule.CalendarShift;
        return TimeSpan.FromMilliseconds((long)Math.Clamp(tolerance.TotalMilliseconds, window.TotalMilliseconds / 100, window.TotalMilliseconds / 4));
    }

    /// <summary>The newest window that ends with an arrival and holds enough; null when none does.</summary>
    (long Start, long End)? NewestFull(CountSchedule schedule)
    {
        var least = schedule.Least;
        for (var end = 0; least > 0 && end + least <= Newest.Count; end++)
        {
            var start = Newest[end + least - 1];
            if (start > Newest[end] - Milliseconds(schedule.Window))
            {
                return (start, Newest[end]);
            }
        }

        return null;
    }

    /// <summary>
    /// A window that is full by a hair, because the oldest came late and the newest early, is full for that moment; the
    /// tolerance is not granted anew, or one that is missing of many would never be missed.
    /// </summary>
    Arrivals EnoughTo(CountSchedule schedule, long until, bool isAmple = true) => this with
    {
        EnoughUntil = Math.Max(EnoughUntil, until),
        OwedBy = Math.Max(OwedBy, isAmple ? until + Milliseconds(Tolerance(schedule)) : until),
    };

    IReadOnlyList<long> With(long at, int kept)
    {
        var index = 0;
        while (index < Newest.Count && Newest[index] > at)
        {
            index++;
        }

        return index >= kept ? Newest : [.. Newest.Take(index), at, .. Newest.Skip(index).Take(kept - index - 1)];
    }

    /// <summary>One that comes out of order says nothing of the gap in which it falls, and one that was missed was not late.</summary>
    Lateness LatenessWith(CountSchedule schedule, long at)
    {
        if (Newest.Count == 0 || schedule.Count == 0 || at < Newest[0])
        {
            return Lateness;
        }

        var late = TimeSpan.FromMilliseconds(at - Newest[0]) - schedule.Spacing;
        return late >= schedule.Spacing && at >= OwedBy ? Lateness : Lateness.Add(late, schedule.Window);
    }

    static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    internal static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
