using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Pages.Parts;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary>One line of a status page: no reason, no address, no owner.</summary>
public sealed record StatusLine(string Name, JobStatus Status, DateTimeOffset? Since);

/// <summary>What a status page shows.</summary>
/// <param name="HasMore">There are more jobs than were read.</param>
public sealed record StatusBoard(string Name, IReadOnlyList<StatusLine> Lines, bool HasMore)
{
    /// <param name="open">Open incidents; those of jobs are told by their jobs.</param>
    public static StatusBoard Of(Opened opened, IEnumerable<JobView> jobs, IEnumerable<Incident> open, bool hasMore)
    {
        ArgumentNullException.ThrowIfNull(opened);
        var (org, tag) = (opened.Part.Org is null ? null : OrgPath.Parse(opened.Part.Org), opened.Part.Tag);
        var lines = jobs
            .Where(job => (org is null || org.MatchesAny(job.Org is null ? [] : [job.Org])) && (tag is null || job.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
            .Select(job => new StatusLine(job.Name, job.Status, job.Since))
            .Concat(open
                .Where(incident => tag is null && !incident.Subject.StartsWith("job:", StringComparison.Ordinal) && (org is null || org.MatchesAny(incident.Orgs)))
                .Select(incident => new StatusLine(incident.Name, incident.Severity == Severity.Critical ? JobStatus.Attention : JobStatus.Warning, incident.Since)));
        return new StatusBoard(opened.Name, [.. lines.OrderBy(line => StatusWords.Order(line.Status)).ThenBy(line => line.Name, StringComparer.OrdinalIgnoreCase)], hasMore);
    }

    public JobStatus Worst => Lines.Select(line => line.Status).DefaultIfEmpty(JobStatus.New).MinBy(StatusWords.Order);

    public string Headline()
    {
        var (bad, late) = (Lines.Count(line => line.Status == JobStatus.Attention), Lines.Count(line => line.Status == JobStatus.Warning));
        return (bad, late) switch
        {
            _ when Lines.Count == 0 => "Nothing is watched here yet.",
            ( > 0, _) => bad == 1 ? "One thing is not working." : $"{bad} things are not working.",
            (_, > 0) => late == 1 ? "One thing has a warning." : $"{late} things have a warning.",
            _ => "All is well.",
        };
    }
}
