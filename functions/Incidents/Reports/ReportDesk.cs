namespace Watchdesk.Incidents.Reports;

/// <summary>How many monitoring mails came in a time.</summary>
public delegate Task<long> CountMails(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

/// <summary>
/// Reads what a report needs: the list rows of incidents that are open, and of those that were completed since the first day, newest first.
/// </summary>
public sealed class ReportDesk(IncidentLists incidents, CountMails mails)
{
    const int PageSize = 999;
    const int MaxPages = 25;

    public async Task<IncidentReport> RunAsync(string tenant, ReportRange range, CancellationToken cancellationToken)
    {
        var (cases, isPartial) = await CasesAsync(tenant, range, cancellationToken);
        return IncidentReport.Of(range, cases, await mails(tenant, range.From, range.To, cancellationToken), isPartial);
    }

    /// <summary>The newest first.</summary>
    public async Task<(IReadOnlyList<ReportCase> Cases, bool IsPartial)> CasesAsync(string tenant, ReportRange range, CancellationToken cancellationToken)
    {
        var (open, hasMoreOpen) = await ReadAsync(tenant, isOpen: true, range.From, cancellationToken);
        var (closed, hasMoreClosed) = await ReadAsync(tenant, isOpen: false, range.From, cancellationToken);
        ReportCase[] cases = [.. open.Concat(closed).Select(ReportCase.Of).Where(known => known.CreatedAt >= range.From && known.CreatedAt < range.To).OrderByDescending(known => known.CreatedAt)];
        return (cases, hasMoreOpen || hasMoreClosed);
    }

    /// <summary>An incident that was completed before the first day was created before it too.</summary>
    async Task<(List<Incident> Items, bool HasMore)> ReadAsync(string tenant, bool isOpen, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var found = new List<Incident>();
        string? next = null;
        for (var page = 0; page < MaxPages; page++)
        {
            (var items, next) = await incidents.ListAsync(tenant, isOpen, PageSize, next, cancellationToken);
            found.AddRange(items);
            if (next is null || (!isOpen && items.Count > 0 && items[^1].ResolvedAt < from))
            {
                return (found, false);
            }
        }

        return (found, true);
    }
}
