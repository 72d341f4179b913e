using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>Pure: what one event changes in a job's state. Repeated events of a known run change nothing.</summary>
public static class ApplyRunEvent
{
    public static void Apply(Job job, JobState state, RunEvent e)
    {
        var expectedAt = job.Budgets.StartLate is null ? 0 : JobDues.ExpectedAt(job, state)?.ToUnixTimeMilliseconds() ?? 0;
        if (e.NextAt is { } nextAt)
        {
            state.DeclaredNextAt = nextAt;
        }

        if (state.FirstAt == 0 || e.At < state.FirstAt)
        {
            state.FirstAt = e.At;
        }

        switch (e.Kind)
        {
            case RunEventKind.Start:
                Start(job, state, e, RunKey.Of(e.RunId), expectedAt);
                break;
            case RunEventKind.Success:
            case RunEventKind.Fail:
                End(job, state, e, RunKey.Of(e.RunId));
                break;
            case RunEventKind.Misfire:
                Misfire(state, e);
                break;
            case RunEventKind.Lost:
                LoseOpenRuns(state, e);
                break;
            default:
                state.Logs++;
                break;
        }
    }

    static void Start(Job job, JobState state, RunEvent e, RunKey key, long expectedAt)
    {
        if (!key.IsAnonymous && (state.Open.Exists(run => run.Key == key) || FillStart(state, e, key) || state.HasEnded(key)))
        {
            return;
        }

        Arrive(state, e);
        Count(job, state, e);
        RunResults.Start(state, e, expectedAt);
        if (state.Open.Count == JobState.MaxOpenRuns)
        {
            Lose(state, state.Open[0], e.At);
        }

        state.Open.Add(new OpenRun(key, e.At, Host(e)));
        state.OpenChanged = true;
    }

    /// <summary>The end overtook its start: the run is known already and gets its beginning.</summary>
    static bool FillStart(JobState state, RunEvent e, RunKey key)
    {
        if (Find(state, key) is not { } number)
        {
            return false;
        }

        var run = state.Ended[number % JobState.MaxEndedRuns]!;
        if (run.StartedAt == 0 && e.At <= run.EndedAt)
        {
            var duration = run.Duration >= 0 ? run.Duration : run.EndedAt - e.At;
            state.PutEnded(number, run with { StartedAt = e.At, Duration = duration });
        }

        return true;
    }

    static void End(Job job, JobState state, RunEvent e, RunKey key)
    {
        var index = state.Open.FindIndex(run => run.Key == key);
        var known = index < 0 && !key.IsAnonymous ? Find(state, key) : null;
        var lost = known is { } number && state.Ended[number % JobState.MaxEndedRuns] is { Outcome: RunOutcome.Lost } run ? run : null;
        if (lost is null && (known is not null || (index < 0 && state.HasEnded(key))))
        {
            return;
        }

        long startedAt = 0;
        if (lost is not null)
        {
            startedAt = lost.StartedAt;
            state.Lost--;
        }
        else if (index >= 0)
        {
            startedAt = state.Open[index].StartedAt;
            state.Open.RemoveAt(index);
            state.OpenChanged = true;
        }
        else
        {
            Count(job, state, e);
        }

        Arrive(state, e);
        var failed = e.Kind == RunEventKind.Fail;
        if (failed)
        {
            state.Failures++;
        }
        else
        {
            state.Successes++;
            state.LastSuccessAt = Math.Max(state.LastSuccessAt, e.At);
        }

        var duration = e.Duration ?? (startedAt > 0 ? Math.Max(0, e.At - startedAt) : -1);
        if (startedAt == 0 && duration >= 0)
        {
            startedAt = e.At - duration;
        }

        RunResults.End(job, state, e, startedAt, duration);
        state.PutEnded(known ?? state.EndedCount++, new EndedRun(key, startedAt, e.At, duration, failed ? RunOutcome.Fail : RunOutcome.Success, e.ExitStatus ?? -1, Host(e)));
    }

    static void Misfire(JobState state, RunEvent e)
    {
        if (state.MisfiredAt.Contains(e.At) && e.RunId is not null)
        {
            return;
        }

        state.Misfires++;
        state.MisfiredAt.Add(e.At);
        if (state.MisfiredAt.Count > JobState.MisfiresKept)
        {
            state.MisfiredAt.RemoveAt(0);
        }
    }

    static void LoseOpenRuns(JobState state, RunEvent e)
    {
        foreach (var run in state.Open.Where(run => run.StartedAt <= e.At).ToArray())
        {
            Lose(state, run, e.At);
        }
    }

    static void Lose(JobState state, OpenRun run, long at)
    {
        state.Open.Remove(run);
        state.OpenChanged = true;
        state.Lost++;
        state.AddEnded(new EndedRun(run.Key, run.StartedAt, Math.Max(at, run.StartedAt), -1, RunOutcome.Lost, -1, run.Host));
    }

    /// <summary>One more run, heard of by its start or else by its end.</summary>
    static void Count(Job job, JobState state, RunEvent e)
    {
        state.Occurrences++;
        if (job.Schedule is CountSchedule count)
        {
            state.Arrivals = state.Arrivals.Record(count, JobOutlook.Instant(e.At));
        }
    }

    static void Arrive(JobState state, RunEvent e)
    {
        state.LastArrivalAt = Math.Max(state.LastArrivalAt, e.At);
        if (e.Host is { Length: > 0 })
        {
            state.LastHost = Host(e);
        }
    }

    static string Host(RunEvent e) => e.Host is null ? "" : e.Host.Length <= 64 ? e.Host : e.Host[..64];

    static long? Find(JobState state, RunKey key)
    {
        for (var n = state.EndedCount - 1; n >= Math.Max(0, state.EndedCount - JobState.MaxEndedRuns); n--)
        {
            if (state.Ended[n % JobState.MaxEndedRuns] is { } run && run.Key == key)
            {
                return n;
            }
        }

        return null;
    }
}
