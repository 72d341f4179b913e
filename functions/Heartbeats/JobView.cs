using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>A job as the API and the pages show it: definition, how it stands and why, statistics.</summary>
/// <param name="Since">When it last turned between good and bad.</param>
/// <param name="DueAt">When the next arrival is expected.</param>
/// <param name="Parents">Ids of jobs.</param>
/// <param name="SilencedBy">Name of the ancestor because of which nobody is told.</param>
public sealed record JobView(
    string Id,
    string Slug,
    string Name,
    Severity Severity,
    JobStatus Status,
    string Reason,
    DateTimeOffset? Since,
    DateTimeOffset? DueAt,
    Schedule Schedule,
    Budgets Budgets,
    IReadOnlyList<string> Tags,
    string? Org,
    IReadOnlyList<string> Servers,
    int AlertAfter,
    IReadOnlyList<string> Parents,
    IReadOnlyList<MaintenanceWindow> Maintenance,
    string? SilencedBy,
    string PingUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PausedUntil,
    DateTimeOffset? LastArrivalAt,
    DateTimeOffset? LastSuccessAt,
    TimeSpan? LastDuration,
    string? LastHost,
    JobStatistics Statistics)
{
    /// <param name="row">Is brought up to <paramref name="now"/>; not to be written.</param>
    public static JobView Of(JobRow row, string publicUrl, DateTimeOffset now)
    {
        var (job, state) = (row.Job, row.State);
        JobSettling.SettleUntil(job, state, now);
        var outlook = JobOutlook.At(job, state, now);
        var silencer = state.SilencedBy.Length > 0 && state.Cause != Cause.None ? state.SilencedBy : null;
        var last = state.EndedNewestFirst().FirstOrDefault();
        return new JobView(
            job.Id,
            job.Slug,
            job.Name,
            job.Severity,
            outlook.Status,
            silencer is null ? outlook.Reason : $"{outlook.Reason} Silenced by {silencer}: nobody is told while that needs attention.",
            At(state.Since),
            outlook.DueAt,
            job.Schedule,
            job.Budgets,
            job.Tags,
            job.Org,
            job.Servers,
            job.AlertAfter,
            job.Parents,
            job.Maintenance,
            silencer,
            $"{publicUrl}/ping/{job.PingId}",
            job.CreatedAt,
            job.PausedAt(now) ? job.SnoozedUntil : null,
            At(state.LastArrivalAt),
            At(state.LastSuccessAt),
            last is { Duration: >= 0 } ? TimeSpan.FromMilliseconds(last.Duration) : null,
            state.LastHost.Length > 0 ? state.LastHost : null,
            JobStatistics.Of(state));
    }

    static DateTimeOffset? At(long milliseconds) => milliseconds == 0 ? null : JobOutlook.Instant(milliseconds);
}

public sealed record JobList(IReadOnlyList<JobView> Items, string? Next);

/// <summary>One run. An open run has neither end nor outcome.</summary>
/// <param name="Run">Hash of the run id that the sender gave; null for an anonymous run.</param>
public sealed record RunView(string? Run, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, TimeSpan? Duration, RunOutcome? Outcome, int? ExitStatus, string? Host)
{
    public static RunView Of(OpenRun run, DateTimeOffset now) =>
        new(Text(run.Key), JobOutlook.Instant(run.StartedAt), null, now - JobOutlook.Instant(run.StartedAt), null, null, run.Host.Length > 0 ? run.Host : null);

    public static RunView Of(EndedRun run) => new(
        Text(run.Key),
        run.StartedAt == 0 ? null : JobOutlook.Instant(run.StartedAt),
        JobOutlook.Instant(run.EndedAt),
        run.Duration < 0 ? null : TimeSpan.FromMilliseconds(run.Duration),
        run.Outcome,
        run.ExitStatus < 0 ? null : run.ExitStatus,
        run.Host.Length > 0 ? run.Host : null);

    static string? Text(RunKey key) => key.IsAnonymous ? null : key.ToString();
}

/// <summary>Open runs first, then the last 100 ended ones, each newest first.</summary>
public sealed record RunList(IReadOnlyList<RunView> Items, string? Next = null);

/// <summary>What became of a request with many events or jobs.</summary>
public sealed record Accepted([property: System.Text.Json.Serialization.JsonPropertyName("accepted")] int Count, IReadOnlyList<RefusedLine> Refused);

/// <param name="Line">Counted from 1; of an array the element.</param>
public sealed record RefusedLine(int Line, string Reason);

/// <param name="Created">The jobs that were made.</param>
public sealed record ImportResult(IReadOnlyList<JobView> Created, IReadOnlyList<RefusedLine> Refused);
