using System.Globalization;
using System.Text.Json.Serialization;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

public enum JobStatus
{
    [JsonStringEnumMemberName("NEW")]
    New,

    [JsonStringEnumMemberName("GOOD")]
    Good,

    [JsonStringEnumMemberName("WARNING")]
    Warning,

    [JsonStringEnumMemberName("ATTENTION")]
    Attention,

    [JsonStringEnumMemberName("PAUSED")]
    Paused,
}

/// <summary>How a job stands at an instant, why, and when to look again if nothing more is heard.</summary>
/// <param name="DueAt">When the next arrival is expected.</param>
/// <param name="NextLook">The next instant at which <paramref name="Cause"/> may change by time alone; null when none.</param>
/// <param name="Why">Writes the reason; most looks at a job need none.</param>
public sealed record JobOutlook(JobStatus Status, Cause Cause, Func<string> Why, DateTimeOffset? DueAt, DateTimeOffset? NextLook)
{
    public string Reason => Why();

    /// <summary>Misfires are a warning when they are more than this share of the last <see cref="MisfireWindow"/> runs.</summary>
    public const double MisfireShare = 0.1;

    public const int MisfireWindow = 20;

    /// <summary>More than this many changes in the last <see cref="FlappingCycles"/> runs is flapping.</summary>
    public const int FlappingChanges = 4;

    public const int FlappingCycles = 10;

    /// <summary>Severity of the incident that a cause opens; null when it opens none.</summary>
    public static Severity? SeverityOf(Cause cause, Severity ofJob) => cause switch
    {
        Cause.None => null,
        Cause.Misfires or Cause.Duration => ofJob < Severity.Warning ? ofJob : Severity.Warning,
        _ => ofJob,
    };

    /// <summary>The rules, worst first: the first that applies gives status and reason.</summary>
    public static JobOutlook At(Job job, JobState state, DateTimeOffset now)
    {
        var dueAt = ExpectedAt(job, state);
        var schedule = (TimedSchedule)job.Schedule;
        var deadline = dueAt is { } due ? Durations.Add(due, schedule.Grace) : (DateTimeOffset?)null;
        var runLimit = job.Budgets.TooLong ?? schedule.Grace;
        var stuck = state.Open.Count == 0 ? null : state.Open.MinBy(run => run.StartedAt);
        var stuckAt = stuck is null ? (DateTimeOffset?)null : Durations.Add(Instant(stuck.StartedAt), runLimit);

        if (job.PausedAt(now))
        {
            return new JobOutlook(JobStatus.Paused, Cause.None, () => job.SnoozedUntil is { } end ? $"Paused until {Clock(end, now)}." : "Paused.", null, job.SnoozedUntil);
        }

        var nextLook = Earliest(After(deadline, now), After(stuckAt, now));
        JobOutlook Bad(JobStatus status, Cause cause, Func<string> why) => new(status, cause, why, dueAt, nextLook);

        if (stuckAt <= now)
        {
            return Bad(JobStatus.Attention, Cause.Stuck, () =>
            {
                var where = stuck!.Host.Length > 0 ? $" on {stuck.Host}" : "";
                var what = job.Budgets.TooLong is null ? "grace" : "limit";
                return $"Run started {Clock(Instant(stuck.StartedAt), now)}{where} has not ended; {what} {Durations.Say(runLimit)} passed at {Clock(stuckAt.Value, now)}.";
            });
        }

        if (deadline <= now)
        {
            return Bad(JobStatus.Attention, Cause.Overdue, () =>
            {
                var last = state.IsNew ? "Never heard of" : $"Nothing since {Clock(Instant(state.LastArrivalAt), now)}";
                return $"{last}; was due {Clock(dueAt!.Value, now)}, grace ended {Clock(deadline.Value, now)} ({job.Schedule.Describe()}).";
            });
        }

        if (state.LastEndFailed)
        {
            return Bad(JobStatus.Attention, Cause.Failed, () =>
            {
                var status = state.LastExitStatus >= 0 ? $" with exit status {state.LastExitStatus}" : "";
                return $"Last run failed{status} at {Clock(Instant(state.LastEndAt), now)}.";
            });
        }

        if (Misfiring(state) is { } misfires)
        {
            return Bad(JobStatus.Warning, Cause.Misfires, () => $"{misfires} misfires in the last {MisfireWindow} runs; more than {MisfireShare:P0} is too many.");
        }

        if (JobStatistics.OutsideBand(state) is { } band)
        {
            return Bad(JobStatus.Warning, Cause.Duration, () => band);
        }

        if (IsFlapping(state))
        {
            return Bad(JobStatus.Warning, Cause.None, () => $"Flapping: {ChangesInWindow(state)} changes in the last {FlappingCycles} runs.");
        }

        if (dueAt < now)
        {
            return Bad(JobStatus.Warning, Cause.None, () => $"Late: was due {Clock(dueAt.Value, now)}, grace ends {Clock(deadline!.Value, now)}.");
        }

        return state.IsNew
            ? new JobOutlook(JobStatus.New, Cause.None, () => "Nothing heard yet.", dueAt, nextLook)
            : new JobOutlook(JobStatus.Good, Cause.None, () => dueAt is null ? "On time; no next time is declared." : $"On time; next due {Clock(dueAt.Value, now)}.", dueAt, nextLook);
    }

    /// <summary>
    /// Brings cause and turn of the state up to <paramref name="now"/>, one passed deadline after the other, so that the
    /// result depends on events and definitions alone and not on when somebody looked.
    /// </summary>
    public static void SettleUntil(Job job, JobState state, DateTimeOffset now)
    {
        if (state.SettledAt > 0)
        {
            for (var look = At(job, state, Instant(state.SettledAt)).NextLook; look < now; look = At(job, state, look.Value).NextLook)
            {
                Settle(job, state, look.Value);
            }
        }

        Settle(job, state, now);
        state.SettledAt = Math.Max(state.SettledAt, now.ToUnixTimeMilliseconds());
    }

    static void Settle(Job job, JobState state, DateTimeOffset at)
    {
        var cause = At(job, state, at).Cause;
        if (IsBad(cause) != IsBad(state.BaseCause))
        {
            state.ChangedAtOccurrence.Add(state.Occurrences);
            if (state.ChangedAtOccurrence.Count > JobState.ChangesKept)
            {
                state.ChangedAtOccurrence.RemoveAt(0);
            }
        }

        state.BaseCause = cause;
        var told = IsFlapping(state) && !job.PausedAt(at) ? Cause.Flapping : cause;
        if (told != state.Cause)
        {
            state.Cause = told;
            state.Since = at.ToUnixTimeMilliseconds();
            state.Turn++;
        }
    }

    static bool IsBad(Cause cause) => cause != Cause.None;

    static bool IsFlapping(JobState state) => ChangesInWindow(state) > FlappingChanges;

    static int ChangesInWindow(JobState state) => state.ChangedAtOccurrence.Count(at => at > state.Occurrences - FlappingCycles);

    static int? Misfiring(JobState state)
    {
        if (state.MisfiredAt.Count <= MisfireShare * MisfireWindow)
        {
            return null;
        }

        var oldest = state.EndedNewestFirst().Take(MisfireWindow).Select(run => run.EndedAt).LastOrDefault();
        var misfires = state.MisfiredAt.Count(at => at >= oldest);
        return state.EndedCount >= MisfireWindow && misfires > MisfireShare * MisfireWindow ? misfires : null;
    }

    static DateTimeOffset? ExpectedAt(Job job, JobState state)
    {
        var declared = state.DeclaredNextAt > 0 ? Instant(state.DeclaredNextAt) : (DateTimeOffset?)null;
        if (state.IsNew)
        {
            return job.Schedule is DeclaredSchedule ? declared : null;
        }

        return ((TimedSchedule)job.Schedule).DueAfter(Instant(Math.Max(state.LastArrivalAt, job.CountFrom)), declared);
    }

    static DateTimeOffset? After(DateTimeOffset? at, DateTimeOffset now) => at > now ? at : null;

    static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;

    internal static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>The time of day in UTC, with the date unless it is today.</summary>
    internal static string Clock(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
