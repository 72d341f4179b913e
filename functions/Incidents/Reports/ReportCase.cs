namespace Watchdesk.Incidents.Reports;

/// <summary>What a report knows of an incident.</summary>
/// <param name="Org">Its classification; empty when it has none.</param>
/// <param name="AssignedAt">When somebody first had it; null for never.</param>
/// <param name="CompletedAt">Null while it is open.</param>
public sealed record ReportCase(string Id, string Name, Severity Severity, string Org, DateTimeOffset CreatedAt, DateTimeOffset? AssignedAt, DateTimeOffset? CompletedAt)
{
    /// <summary>Of several classifications the first counts.</summary>
    public static ReportCase Of(Incident incident) => new(
        incident.Id, incident.Name, incident.Severity, incident.Orgs.Count > 0 ? incident.Orgs[0] : "", incident.OpenedAt, incident.FirstAssignedAt, incident.IsOpen ? null : incident.ResolvedAt);
}
