using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Pages.Parts;

namespace Watchdesk.Pages;

/// <summary>What the first page shows.</summary>
/// <param name="Jobs">The first <see cref="ReadJobs"/>, what may need somebody first.</param>
/// <param name="Open">All that is open, counted.</param>
/// <param name="Stuck">Notices that failed or have waited too long, of the last <see cref="ReadNotices"/>.</param>
/// <param name="HasMoreJobs">There are more than were read.</param>
public sealed record DeskView(
    IReadOnlyList<JobView> Jobs,
    bool HasMoreJobs,
    IReadOnlyList<Incident> Incidents,
    bool HasMoreIncidents,
    OpenCounts Open,
    IReadOnlyList<Delivery> Stuck,
    IReadOnlyList<DeadLetterEntry> Letters,
    bool HasMoreLetters)
{
    public const int ReadJobs = 200;
    public const int ShownJobs = 50;
    public const int ShownIncidents = 20;
    public const int ShownLetters = 5;
    public const int ReadNotices = 50;
    const int ShownDue = 8;

    public bool IsEmpty => Jobs.Count == 0 && Incidents.Count == 0 && Letters.Count == 0;

    /// <summary>Soonest first; what is late already stands among the jobs.</summary>
    public IReadOnlyList<JobView> DueNext(DateTimeOffset now) =>
        [.. Jobs.Where(job => job.DueAt > now && job.Status != JobStatus.Paused).OrderBy(job => job.DueAt).Take(ShownDue)];

    /// <summary>How it stands, in one sentence.</summary>
    public string Headline()
    {
        var open = Open.Total > 0 ? $"{(Open.IsAll ? "" : "more than ")}{Say.Count(Open.Total, "incident", "incidents")} open" : null;
        var jobs = JobsLine();
        return open is null ? jobs : Jobs.Count == 0 ? open : $"{open}, {char.ToLowerInvariant(jobs[0])}{jobs[1..]}";
    }

    string JobsLine()
    {
        var (bad, late) = (Jobs.Count(job => job.Status == JobStatus.Attention), Jobs.Count(job => job.Status == JobStatus.Warning));
        return (bad, late, Jobs.Count) switch
        {
            (_, _, 0) => "No jobs yet",
            ( > 0, _, _) => $"{Say.Count(bad, "job needs", "jobs need")} attention",
            (_, > 0, _) => $"{Say.Count(late, "job has", "jobs have")} a warning",
            _ => Jobs.Count == 1 ? "The job is fine" : $"All {Jobs.Count}{(HasMoreJobs ? "+" : "")} jobs are fine",
        };
    }

    public static IReadOnlyList<JobView> Sorted(IEnumerable<JobView> jobs) =>
        [.. jobs.OrderBy(job => StatusWords.Order(job.Status)).ThenBy(job => job.Name, StringComparer.OrdinalIgnoreCase).ThenBy(job => job.Id, StringComparer.Ordinal)];
}
