namespace Watchdesk.Tenants.Audit;

/// <summary>How one route or channel did. Times in milliseconds: response is the whole, processing the part after sign-in.</summary>
/// <param name="IsReport">Its response time is the query-and-reporting time.</param>
public sealed record AuditFigures(
    string Name,
    string Channel,
    bool IsReport,
    int Requests,
    int Failed,
    double PerSecond,
    double ResponseMean,
    double ResponseP50,
    double ResponseP95,
    double ResponseMax,
    double ProcessingMean,
    double ProcessingP95);

/// <param name="IsPartial">There were more requests than are read at once: these are the newest.</param>
public sealed record AuditSummary(DateTimeOffset From, DateTimeOffset To, int Requests, bool IsPartial, IReadOnlyList<AuditFigures> Channels, IReadOnlyList<AuditFigures> Routes)
{
    public static AuditSummary Of(IReadOnlyList<AuditEntry> entries, DateTimeOffset from, DateTimeOffset to, bool isPartial)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var seconds = Math.Max(1, (to - from).TotalSeconds);
        return new AuditSummary(
            from,
            to,
            entries.Count,
            isPartial,
            [.. entries.GroupBy(entry => entry.Channel, StringComparer.Ordinal).Select(channel => Figures(channel.Key, [.. channel], seconds)).OrderByDescending(channel => channel.Requests)],
            [.. entries.GroupBy(entry => $"{entry.Method} {entry.Route}", StringComparer.Ordinal).Select(route => Figures(route.Key, [.. route], seconds)).OrderByDescending(route => route.Requests).ThenBy(route => route.Name, StringComparer.Ordinal)]);
    }

    static AuditFigures Figures(string name, IReadOnlyList<AuditEntry> entries, double seconds)
    {
        double[] took = [.. entries.Select(entry => entry.Took.TotalMilliseconds).Order()];
        double[] worked = [.. entries.Select(entry => entry.Worked.TotalMilliseconds).Order()];
        return new AuditFigures(
            name,
            entries[0].Channel,
            entries.All(entry => entry.IsReport),
            entries.Count,
            entries.Count(entry => entry.Status >= 500),
            Round(entries.Count / seconds),
            Round(took.Average()),
            Round(At(took, 0.5)),
            Round(At(took, 0.95)),
            Round(took[^1]),
            Round(worked.Average()),
            Round(At(worked, 0.95)));
    }

    /// <summary>The smallest value that so much of all is at or below.</summary>
    static double At(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    static double Round(double value) => Math.Round(value, 3);
}
