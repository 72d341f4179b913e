using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>What the runs of a job look like; durations and frequency over the last 100 ended runs.</summary>
/// <param name="Occurrences">Runs heard of since the job exists.</param>
/// <param name="MeanDuration">Null before a run with a known duration.</param>
/// <param name="P50Duration">Median, by the nearest rank.</param>
/// <param name="P95Duration">95th percentile, by the nearest rank.</param>
/// <param name="Frequency">Median time between the beginnings of consecutive runs.</param>
public sealed record JobStatistics(
    long Occurrences,
    long Successes,
    long Failures,
    long Misfires,
    long Lost,
    int OpenRuns,
    TimeSpan? MeanDuration,
    TimeSpan? P50Duration,
    TimeSpan? P95Duration,
    TimeSpan? Frequency)
{
    const int RunsToLearn = 30;
    const long LeastDeviation = 1000;

    public static JobStatistics Of(JobState state)
    {
        var durations = state.EndedNewestFirst().Where(run => run.Duration >= 0).Select(run => run.Duration).Order().ToArray();
        var starts = state.EndedNewestFirst().Select(run => run.StartedAt > 0 ? run.StartedAt : run.EndedAt).Order().ToArray();
        var gaps = starts.Skip(1).Zip(starts, (later, earlier) => later - earlier).Order().ToArray();
        return new JobStatistics(
            state.Occurrences,
            state.Successes,
            state.Failures,
            state.Misfires,
            state.Lost,
            state.Open.Count,
            durations.Length == 0 ? null : TimeSpan.FromMilliseconds(Math.Round(durations.Average())),
            Rank(durations, 0.50),
            Rank(durations, 0.95),
            Rank(gaps, 0.50));
    }

    /// <summary>
    /// Null when the newest run took about as long as the others. The band is half the shortest to one and a half times
    /// the longest of the earlier successful runs, after 30 of them. Of n + 1 exchangeable runs the newest is the
    /// shortest or the longest with probability 2 / (n + 1), so false alarms are at most 1 in 50 with 99 runs kept.
    /// </summary>
    public static string? OutsideBand(JobState state)
    {
        long newest = -1, shortest = long.MaxValue, longest = 0;
        var earlier = 0;
        foreach (var run in state.EndedNewestFirst())
        {
            if (run.Outcome != RunOutcome.Success || run.Duration < 0)
            {
                continue;
            }

            if (newest < 0)
            {
                newest = run.Duration;
                continue;
            }

            earlier++;
            shortest = Math.Min(shortest, run.Duration);
            longest = Math.Max(longest, run.Duration);
        }

        var isOutside = newest > longest * 1.5 + LeastDeviation || newest < shortest * 0.5 - LeastDeviation;
        return earlier >= RunsToLearn && isOutside
            ? $"Last run took {Text(newest)}; the {earlier} before it took {Text(shortest)} to {Text(longest)}."
            : null;
    }

    static string Text(long milliseconds) => Durations.Say(TimeSpan.FromMilliseconds(milliseconds));

    static TimeSpan? Rank(long[] sorted, double quantile) =>
        sorted.Length == 0 ? null : TimeSpan.FromMilliseconds(sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)]);
}
