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
/// <param name="Alert">What is worth an incident: <paramref name="Cause"/>, or none while too few bad results came in a row.</param>
/// <param name="DueAt">When the next arrival is expected.</param>
/// <param name="NextLook">The next instant at which <paramref name="Cause"/> may change by time alone; null when none.</param>
/// <param name="Why">Writes the reason; most looks at a job need none.</param>
public sealed record JobOutlook(JobStatus Status, Cause Cause, Cause Alert, Func<string> Why, DateTimeOffset? DueAt, DateTimeOffset? NextLook)
{
    public string Reason => Why();

    /// <summary>Misfires are a warning when they are more than this share of the last <see cref="MisfireWindow"/> runs.</summary>
    public const double MisfireShare = 0.1;

    public const int MisfireWindow = 20;

    /// <summary>Severity of the incident that a cause opens; null when it opens none.</summary>
    public static Severity? SeverityOf(Cause cause, Severity ofJob) => cause switch
    {
        Cause.None or Cause.Flapping => null,
        Cause.Misfires or Cause.Duration or Cause.StartLate => ofJob < Severity.Warning ? ofJob : Severity.Warning,
        _ => ofJob,
    };

    /// <summary>The rules, worst first: the first that applies gives status and reason.</summary>
    public static JobOutlook At(Job job, JobState state, DateTimeOffset now)
    {
        if (job.PausedAt(now))
        {
            return new JobOutlook(JobStatus.Paused, Cause.None, Cause.None, () => job.SnoozedUntil is { } end ? $"Paused until {Clock(end, now)}." : "Paused.", null, job.SnoozedUntil);
        }

        var dues = JobDues.Of(job, state);
        var say = new JobReasons(job, state, dues, now);
        var badResult = RunResults.BadInARow(job, state) >= job.AlertAfter;
        JobOutlook Bad(JobStatus status, Cause cause, Func<string> why, bool isAlert = true) =>
            new(status, cause, isAlert ? cause : Cause.None, isAlert || cause == Cause.None ? why : () => $"{why()} {say.NotYetTold()}", dues.DueAt, dues.NextAfter(now));

        if (dues.StuckAt <= now)
        {
            return Bad(JobStatus.Attention, Cause.Stuck, say.Stuck);
        }

        if (dues.CrowdedUntil > now)
        {
            return Bad(JobStatus.Attention, Cause.TooMany, say.TooMany);
        }

        if (dues.Deadline <= now)
        {
            return job.Schedule is CountSchedule
                ? Bad(JobStatus.Attention, Cause.TooFew, say.TooFew)
                : Bad(JobStatus.Attention, Cause.Overdue, say.Overdue, dues.AlertAt <= now);
        }

        if (state.LastEndFailed)
        {
            return Bad(JobStatus.Attention, Cause.Failed, say.Failed, badResult);
        }

        if (RunResults.IsTooShort(job, state))
        {
            return Bad(JobStatus.Attention, Cause.TooShort, say.TooShort, badResult);
        }

        if (RunResults.IsLate(job, state))
        {
            return Bad(JobStatus.Warning, Cause.StartLate, say.StartedLate, badResult);
        }

        if (dues.StartBy <= now)
        {
            return Bad(JobStatus.Warning, Cause.StartLate, say.NotStarted, state.BadInARow + 1 >= job.AlertAfter);
        }

        if (Misfiring(state) is { } misfires)
        {
            return Bad(JobStatus.Warning, Cause.Misfires, () => $"{misfires} misfires in the last {MisfireWindow} runs; more than {MisfireShare:P0} is too many.");
        }

        if (JobStatistics.OutsideBand(state) is { } band)
        {
            return Bad(JobStatus.Warning, Cause.Duration, () => band);
        }

        if (JobSettling.IsFlapping(state))
        {
            return Bad(JobStatus.Warning, Cause.None, say.Flapping);
        }

        if (dues.DueAt < now)
        {
            return Bad(JobStatus.Warning, Cause.None, say.Late);
        }

        return state.IsNew ? Bad(JobStatus.New, Cause.None, say.New) : Bad(JobStatus.Good, Cause.None, say.Good);
    }

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

    internal static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>The time of day in UTC, with the date unless it is today.</summary>
    internal static string Clock(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
