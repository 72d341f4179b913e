namespace Watchdesk.Incidents.Reports;

/// <summary>How long something took.</summary>
/// <param name="P90">Nine of ten took no longer.</param>
public sealed record Delays(int Count, TimeSpan Min, TimeSpan Mean, TimeSpan Max, TimeSpan P90)
{
    /// <summary>Null when there are none.</summary>
    public static Delays? Of(IEnumerable<TimeSpan> delays)
    {
        TimeSpan[] sorted = [.. delays.Select(delay => delay < TimeSpan.Zero ? TimeSpan.Zero : delay).Order()];
        return sorted.Length == 0 ? null : new Delays(
            sorted.Length, Seconds(sorted[0]), Seconds(TimeSpan.FromTicks((long)sorted.Average(delay => delay.Ticks))), Seconds(sorted[^1]), Seconds(sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1]));
    }

    static TimeSpan Seconds(TimeSpan span) => TimeSpan.FromSeconds(Math.Round(span.TotalSeconds));
}

public sealed record SeverityReport(string Severity, int Total, int Open, int Closed, Delays? CreationToAssignment, Delays? AssignmentToCompletion, Delays? CreationToCompletion);

public sealed record OrgReport(string Org, int Total);

public sealed record DayReport(string Day, int Critical, int Warning, int Info);

/// <summary>What happened in some days. Incidents count by the day on which they opened, and stand as they stand now.</summary>
/// <param name="Mails">Monitoring mails that came.</param>
/// <param name="ByOrg">The most first; the name is empty for those without classification.</param>
/// <param name="BySeverity">The worst first.</param>
/// <param name="IsPartial">There are more than one report reads; the oldest are missing.</param>
public sealed record IncidentReport(
    string From,
    string To,
    string Zone,
    long Mails,
    int Total,
    int Open,
    int Closed,
    IReadOnlyList<OrgReport> ByOrg,
    IReadOnlyList<SeverityReport> BySeverity,
    IReadOnlyList<DayReport> ByDay,
    bool IsPartial)
{
    const int MaxOrgs = 50;

    public static IncidentReport Of(ReportRange range, IReadOnlyList<ReportCase> cases, long mails, bool isPartial)
    {
        var days = cases.GroupBy(known => range.DayOf(known.CreatedAt)).ToDictionary(day => day.Key, day => day.ToArray());
        var open = cases.Count(known => known.CompletedAt is null);
        return new IncidentReport(
            ReportRange.Text(range.First),
            ReportRange.Text(range.Last),
            range.Zone.Id,
            mails,
            cases.Count,
            open,
            cases.Count - open,
            [.. cases.CountBy(known => known.Org).OrderByDescending(org => org.Value).ThenBy(org => org.Key, StringComparer.Ordinal).Take(MaxOrgs).Select(org => new OrgReport(org.Key, org.Value))],
            [.. new[] { Severity.Critical, Severity.Warning, Severity.Info }.Select(severity => Of(severity, [.. cases.Where(known => known.Severity == severity)]))],
            [.. Enumerable.Range(0, NodaTime.Period.DaysBetween(range.First, range.Last) + 1).Select(range.First.PlusDays).Select(day => Of(ReportRange.Text(day), days.GetValueOrDefault(day) ?? []))],
            isPartial);
    }

    static SeverityReport Of(Severity severity, IReadOnlyList<ReportCase> cases)
    {
        var open = cases.Count(known => known.CompletedAt is null);
        return new SeverityReport(
            Words.Of(severity),
            cases.Count,
            open,
            cases.Count - open,
            Delays.Of(cases.Select(known => known.AssignedAt - known.CreatedAt).OfType<TimeSpan>()),
            Delays.Of(cases.Select(known => known.CompletedAt - known.AssignedAt).OfType<TimeSpan>()),
            Delays.Of(cases.Select(known => known.CompletedAt - known.CreatedAt).OfType<TimeSpan>()));
    }

    static DayReport Of(string day, IReadOnlyList<ReportCase> cases) =>
        new(day, cases.Count(known => known.Severity == Severity.Critical), cases.Count(known => known.Severity == Severity.Warning), cases.Count(known => known.Severity == Severity.Info));
}
