namespace Watchdesk.Heartbeats;

/// <summary>Pure: how cause and turn of a state follow from events, definitions and the passing of time.</summary>
public static class JobSettling
{
    /// <summary>More than this many changes in the last <see cref="FlappingCycles"/> runs is flapping.</summary>
    public const int FlappingChanges = 4;

    public const int FlappingCycles = 10;

    /// <summary>
    /// Brings cause and turn of the state up to <paramref name="now"/>, one passed deadline after the other, so that the
    /// result depends on events and definitions alone and not on when somebody looked.
    /// </summary>
    public static void SettleUntil(Job job, JobState state, DateTimeOffset now)
    {
        if (state.SettledAt > 0)
        {
            for (var look = Next(JobOutlook.Instant(state.SettledAt)); look < now; look = Next(look.Value))
            {
                Settle(job, state, look.Value);
            }
        }

        Settle(job, state, now);
        state.SettledAt = Math.Max(state.SettledAt, now.ToUnixTimeMilliseconds());

        DateTimeOffset? Next(DateTimeOffset at) => JobOutlook.At(job, state, at).NextLook;
    }

    public static bool IsFlapping(JobState state) => ChangesInWindow(state) > FlappingChanges;

    public static int ChangesInWindow(JobState state) => state.ChangedAtOccurrence.Count(at => at > state.Occurrences - FlappingCycles);

    static void Settle(Job job, JobState state, DateTimeOffset at)
    {
        var cause = JobOutlook.At(job, state, at).Alert;
        if (IsBad(cause) != IsBad(state.BaseCause))
        {
            state.ChangedAtOccurrence.Add(state.Occurrences);
            if (state.ChangedAtOccurrence.Count > JobState.ChangesKept)
            {
                state.ChangedAtOccurrence.RemoveAt(0);
            }
        }

        state.BaseCause = cause;
        // Bad is told as what it is, so that one that somebody has completed opens again; good is told as good only when it lasts.
        var told = !IsBad(cause) && IsFlapping(state) && !job.PausedAt(at) ? Cause.Flapping : cause;
        if (told != state.Cause)
        {
            state.Cause = told;
            state.Since = at.ToUnixTimeMilliseconds();
            state.Turn++;
        }
    }

    static bool IsBad(Cause cause) => cause != Cause.None;
}
