namespace Watchdesk.Heartbeats;

/// <summary>Pure: what the newest start and the newest end of a job say of it.</summary>
static class RunResults
{
    /// <param name="expectedAt">What was owed before this start, in Unix milliseconds; 0 when that is not known.</param>
    public static void Start(JobState state, RunEvent e, long expectedAt)
    {
        if (e.At >= state.LastStartAt)
        {
            state.LastStartAt = e.At;
            state.LastStartDue = WouldReopen(state, e) ? 0 : e.ScheduledAt ?? expectedAt;
        }
    }

    /// <param name="duration">Milliseconds; -1 when it is not known.</param>
    public static void End(Job job, JobState state, RunEvent e, long startedAt, long duration)
    {
        if (e.At < state.LastEndAt)
        {
            return;
        }

        var isOld = WouldReopen(state, e);
        var failed = e.Kind == RunEventKind.Fail;
        state.LastEndAt = e.At;
        state.LastEndFailed = failed && !isOld;
        state.LastExitStatus = e.ExitStatus ?? -1;
        state.LastEndDuration = failed || isOld ? -1 : duration;
        var isBad = state.LastEndFailed || IsTooShort(job, state) || (startedAt > 0 && startedAt == state.LastStartAt && IsLate(job, state));
        state.BadInARow = isBad ? state.BadInARow + 1 : 0;
    }

    /// <summary>The last run that started did so later than its budget allows.</summary>
    public static bool IsLate(Job job, JobState state) =>
        job.Budgets.StartLate is { } most && state.LastStartDue > 0 && state.LastStartAt - state.LastStartDue > most.TotalMilliseconds;

    /// <summary>The last run that ended well did so sooner than its budget allows.</summary>
    public static bool IsTooShort(Job job, JobState state) =>
        job.Budgets.TooShort is { } least && state.LastEndDuration >= 0 && state.LastEndDuration < least.TotalMilliseconds;

    /// <summary>Bad results in a row, a late start whose run has not ended yet among them.</summary>
    public static int BadInARow(Job job, JobState state) =>
        state.BadInARow + (state.LastStartAt > state.LastEndAt && IsLate(job, state) ? 1 : 0);

    /// <summary>Something bad in a buffer, from before the job became good again, counts and does not alarm once more.</summary>
    static bool WouldReopen(JobState state, RunEvent e) =>
        state.Turn > 0 && state.BaseCause == Cause.None && e.At < state.Since && e.ReceivedAt - e.At > RunEvent.ClockToleranceMilliseconds;
}
