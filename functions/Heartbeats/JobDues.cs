using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>The instants at which a job turns by time alone if nothing more is heard; none lies within maintenance.</summary>
/// <param name="DueAt">When the next arrival is expected.</param>
/// <param name="StartBy">When that is too late for a start.</param>
/// <param name="Deadline">When it is overdue.</param>
/// <param name="AlertAt">When so many are overdue that it is told.</param>
/// <param name="CrowdedUntil">Until when there are too many.</param>
/// <param name="Oldest">The oldest open run.</param>
/// <param name="StuckAt">When that has taken too long.</param>
public sealed record JobDues(
    DateTimeOffset? DueAt,
    DateTimeOffset? StartBy,
    DateTimeOffset? Deadline,
    DateTimeOffset? AlertAt,
    DateTimeOffset? CrowdedUntil,
    OpenRun? Oldest,
    DateTimeOffset? StuckAt)
{
    public static JobDues Of(Job job, JobState state)
    {
        var oldest = state.Open.Count == 0 ? null : state.Open.MinBy(run => run.StartedAt);
        var stuckAt = oldest is null ? null : Later(job, JobOutlook.Instant(oldest.StartedAt), RunLimit(job));
        return job.Schedule is CountSchedule count ? OfCount(job, count, state, oldest, stuckAt) : OfTimed(job, (TimedSchedule)job.Schedule, state, oldest, stuckAt);
    }

    /// <summary>How long a run may take: its budget, else the grace, else the window in which runs are counted.</summary>
    public static TimeSpan RunLimit(Job job) =>
        job.Budgets.TooLong ?? (job.Schedule is CountSchedule count ? count.Window : ((TimedSchedule)job.Schedule).Grace);

    /// <summary>When the schedule expects the next arrival; null when it does not say.</summary>
    public static DateTimeOffset? ExpectedAt(Job job, JobState state)
    {
        var declared = state.DeclaredNextAt > 0 ? JobOutlook.Instant(state.DeclaredNextAt) : (DateTimeOffset?)null;
        if (job.Schedule is not TimedSchedule schedule || (state.IsNew && schedule is not DeclaredSchedule))
        {
            return null;
        }

        return state.IsNew
            ? declared is { } first ? Maintenance.MoveOut(job.Maintenance, first) : null
            : Maintenance.DueAfter(job.Maintenance, schedule, JobOutlook.Instant(Math.Max(state.LastArrivalAt, job.CountFrom)), declared);
    }

    /// <summary>The next instant after <paramref name="now"/> at which something may change; null when none.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var at in (ReadOnlySpan<DateTimeOffset?>)[StartBy, Deadline, AlertAt, CrowdedUntil, StuckAt])
        {
            if (at > now && (next is null || at < next))
            {
                next = at;
            }
        }

        return next;
    }

    static JobDues OfTimed(Job job, TimedSchedule schedule, JobState state, OpenRun? oldest, DateTimeOffset? stuckAt)
    {
        if (ExpectedAt(job, state) is not { } due)
        {
            return new JobDues(null, null, null, null, null, oldest, stuckAt);
        }

        var startBy = job.Budgets.StartLate is { } startLate ? Later(job, due, startLate) : null;
        var deadline = Later(job, due, schedule.Grace);
        return new JobDues(due, startBy, deadline, ToldAt(job, schedule, state, due) ?? deadline, null, oldest, stuckAt);
    }

    /// <summary>Every expected arrival that does not come is one more bad result in a row. Null when no more are expected.</summary>
    static DateTimeOffset? ToldAt(Job job, TimedSchedule schedule, JobState state, DateTimeOffset due)
    {
        for (var left = job.AlertAfter - state.BadInARow; left > 1; left--)
        {
            if (Maintenance.DueAfter(job.Maintenance, schedule, due) is not { } next)
            {
                return null;
            }

            due = next;
        }

        return Later(job, due, schedule.Grace);
    }

    static JobDues OfCount(Job job, CountSchedule count, JobState state, OpenRun? oldest, DateTimeOffset? stuckAt)
    {
        var counted = CountOutlook.At(count, state.Arrivals, JobOutlook.Instant(state.SettledAt), job.CountFrom > 0 ? JobOutlook.Instant(job.CountFrom) : null);
        var deadline = counted.Deadline is { } at ? Maintenance.MoveOut(job.Maintenance, at) : (DateTimeOffset?)null;
        return new JobDues(counted.DueAt, null, deadline, deadline, counted.CrowdedUntil, oldest, stuckAt);
    }

    static DateTimeOffset? Later(Job job, DateTimeOffset at, TimeSpan by) => Maintenance.MoveOut(job.Maintenance, Durations.Add(at, by));
}
