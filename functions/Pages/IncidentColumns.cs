namespace Watchdesk.Pages;

/// <summary>What the list of incidents can show, in its order.</summary>
static class IncidentColumns
{
    public static readonly IReadOnlyList<(string Id, string Name)> All =
    [
        ("severity", "Severity"), ("subject", "Incident"), ("date", "Date"), ("classification", "Classification"), ("assignee", "Assignee"), ("assigned", "Assigned"), ("interest", "Interest"), ("host", "Host"),
    ];

    public static readonly IReadOnlySet<string> Usual = All.Select(column => column.Id).Where(id => id != "host").ToHashSet(StringComparer.Ordinal);

    public static bool IsKnown(string id) => All.Any(column => column.Id == id);
}
