using Watchdesk.Heartbeats;

namespace Watchdesk.Pages.Parts;

/// <summary>Statuses of jobs in the order in which people look at them, each with its word, shape and style.</summary>
static class StatusWords
{
    public static readonly IReadOnlyList<JobStatus> WorstFirst = [JobStatus.Attention, JobStatus.Warning, JobStatus.Good, JobStatus.New, JobStatus.Paused];

    public static string Word(JobStatus status) => status.ToString().ToUpperInvariant();

    public static string Css(JobStatus status) => status.ToString().ToLowerInvariant();

    public static JobStatus? Parse(string? word) => WorstFirst.Where(status => Css(status) == word).Select(status => (JobStatus?)status).FirstOrDefault();

    public static Shape Form(JobStatus status) => status switch
    {
        JobStatus.Attention => Shape.Triangle,
        JobStatus.Warning => Shape.Diamond,
        JobStatus.Good => Shape.Check,
        JobStatus.Paused => Shape.Bars,
        _ => Shape.Ring,
    };

    /// <summary>Attention, warning, new, good, paused: what may need somebody comes first.</summary>
    public static int Order(JobStatus status) => status switch
    {
        JobStatus.Attention => 0,
        JobStatus.Warning => 1,
        JobStatus.New => 2,
        JobStatus.Good => 3,
        _ => 4,
    };
}
