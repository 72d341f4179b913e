using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Pages.Parts;

namespace Watchdesk.Pages;

/// <summary>What the first page shows.</summary>
/// <param name="Jobs">The first <see cref="ReadJobs"/>, what may need somebody first.</param>
/// <param name="HasMoreJobs">There are more than were read.</param>
public sealed record DeskView(
    IReadOnlyList<JobView> Jobs,
    bool HasMoreJobs,
    IReadOnlyList<Incident> Incidents,
    bool HasMoreIncidents,
    IReadOnlyList<DeadLetterEntry> Letters,
    bool HasMoreLetters)
{
    public const int ReadJobs = 200;
    public const int ShownJobs = 50;
    public const int ShownIncidents = 20;
    public const int ShownLetters = 5;
    const int ShownDue = 8;

    public bool IsEmpty => Jobs.Count == 0 && Incidents.Count == 0 && Letters.Count == 0;

    /// <summary>Soonest first; what is late already stands among the jobs.</summary>
    public IReadOnlyList<JobView> DueNext(DateTimeOffset now) =>
        [.. Jobs.Where(job => job.DueAt > now && job.Status != JobStatus.Paused).OrderBy(job => job.DueAt).Take(ShownDue)];

    /// <summary>How it stands, in one sentence.</summary>
    public string Headline()
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
