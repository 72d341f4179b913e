using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Incidents;

/// <summary>Incidents and subjects as rows of the table incidents, PK tenant.</summary>
static class IncidentRows
{
    public const string Incident = "i~";
    public const string Open = "o~";
    public const string Closed = "c~";
    public const string Subject = "s~";

    public static readonly IReadOnlyList<string> SubjectColumns = ["PartitionKey", "RowKey", "Incident", "Turn", "Severity", "At", "Worst", "Opened", "OpenedSince"];

    /// <summary>Most severe first, then those that nobody has, then the newest.</summary>
    public static string ListKey(Incident incident) => incident is { IsOpen: false, ResolvedAt: { } at }
        ? Closed + Keys.NewestFirst(at, incident.Id)
        : $"{Open}{Severity.Critical - incident.Severity}~{(incident.IsOwned ? 1 : 0)}~{Keys.NewestFirst(incident.OpenedAt, incident.Id)}";

    /// <summary>The same for the list and the incident itself: a list reads nothing else.</summary>
    static TableRow Summary(string tenant, string key, Incident incident) => new(tenant, key)
    {
        ["V"] = 1,
        ["Open"] = incident.IsOpen,
        ["Storm"] = incident.IsStorm,
        ["Subject"] = incident.Subject,
        ["Name"] = incident.Name,
        ["Reason"] = incident.Reason,
        ["Severity"] = (int)incident.Severity,
        ["Host"] = incident.Host,
        ["Link"] = incident.Link,
        ["Since"] = incident.Since,
        ["OpenedAt"] = incident.OpenedAt,
        ["ChangedAt"] = incident.ChangedAt,
        ["ResolvedAt"] = Milliseconds(incident.ResolvedAt),
        ["Resolution"] = incident.Resolution,
        ["ResolvedBy"] = incident.ResolvedBy,
        ["Flapping"] = incident.IsFlapping,
        ["Owner"] = incident.Owner,
        ["OwnerName"] = incident.OwnerName,
        ["OwnedUntil"] = Milliseconds(incident.OwnedUntil),
        ["Critical"] = incident.Causes.Critical,
        ["Warning"] = incident.Causes.Warning,
        ["Info"] = incident.Causes.Info,
        ["Subjects"] = incident.Subjects,
        ["Orgs"] = string.Join(' ', incident.Orgs),
        ["NewKind"] = incident.IsNewKind,
        ["AssignedAt"] = Milliseconds(incident.AssignedAt),
        ["FirstAssignedAt"] = Milliseconds(incident.FirstAssignedAt),
    };

    public static TableRow ListRow(string tenant, Incident incident) => Summary(tenant, ListKey(incident), incident);

    public static TableRow Row(string tenant, Incident incident)
    {
        var row = Summary(tenant, Incident + incident.Id, incident);
        row["Prior"] = JsonSerializer.SerializeToUtf8Bytes(incident.Prior, IncidentsJson.Compact.Ownership);
        row["Signals"] = incident.Signals;
        row["MergedInto"] = incident.MergedInto;
        row["Merged"] = string.Join(' ', incident.Merged);
        row["LastNotice"] = incident.LastNotice;
        row["Advice"] = incident.Advice;
        row["LastGoodAt"] = Milliseconds(incident.LastGoodAt);
        row["Hosts"] = JsonSerializer.SerializeToUtf8Bytes(incident.Hosts, IncidentsJson.Compact.IReadOnlyListHostGroup);
        row["Rules"] = JsonSerializer.SerializeToUtf8Bytes(incident.Rules, IncidentsJson.Compact.IReadOnlyListString);
        row["Changes"] = incident.Changes;
        row["NobodySince"] = Milliseconds(incident.NobodySince);
        row["Reminders"] = incident.Reminders;
        row["RemindedAt"] = Milliseconds(incident.RemindedAt);
        row["LastCall"] = incident.LastCall;
        row["Told"] = Number(incident.Told);
        row["WorstTold"] = Number(incident.WorstTold);
        row["Reasons"] = JsonSerializer.SerializeToUtf8Bytes(incident.Reasons, IncidentsJson.Compact.IReadOnlyListString);
        return row;
    }

    /// <summary>From the incident's own row or from a list row, which lacks what no list shows.</summary>
    public static Incident Read(TableRow row) => new()
    {
        Id = row.RowKey[(row.RowKey.LastIndexOf('~') + 1)..],
        ETag = row.ETag ?? "",
        IsOpen = row.Flag("Open"),
        IsStorm = row.Flag("Storm"),
        Subject = row.Text("Subject") ?? "",
        Name = row.Text("Name") ?? "",
        Reason = row.Text("Reason") ?? "",
        Severity = (Severity)row.Number("Severity"),
        Host = row.Text("Host") ?? "",
        Link = row.Text("Link") ?? "",
        Since = row.Time("Since") ?? default,
        OpenedAt = row.Time("OpenedAt") ?? default,
        ChangedAt = row.Time("ChangedAt") ?? default,
        ResolvedAt = Time(row.Number("ResolvedAt")),
        Resolution = row.Text("Resolution") ?? "",
        ResolvedBy = row.Text("ResolvedBy") ?? "",
        IsFlapping = row.Flag("Flapping"),
        Owner = row.Text("Owner") ?? "",
        OwnerName = row.Text("OwnerName") ?? "",
        OwnedUntil = Time(row.Number("OwnedUntil")),
        Causes = new Causes((int)row.Number("Critical"), (int)row.Number("Warning"), (int)row.Number("Info")),
        Subjects = (int)row.Number("Subjects"),
        Orgs = Many(row, "Orgs"),
        AssignedAt = Time(row.Number("AssignedAt")),
        FirstAssignedAt = Time(row.Number("FirstAssignedAt")),
        Prior = row.Bytes("Prior") is { } prior ? JsonSerializer.Deserialize(prior, IncidentsJson.Compact.Ownership) : null,
        IsNewKind = row.Flag("NewKind"),
        Signals = (int)row.Number("Signals"),
        LastNotice = row.Text("LastNotice") ?? "",
        MergedInto = row.Text("MergedInto") ?? "",
        Merged = Many(row, "Merged"),
        Advice = row.Text("Advice") ?? "",
        LastGoodAt = Time(row.Number("LastGoodAt")),
        Hosts = row.Bytes("Hosts") is { } hosts ? JsonSerializer.Deserialize(hosts, IncidentsJson.Compact.IReadOnlyListHostGroup) ?? [] : [],
        Rules = row.Bytes("Rules") is { } rules ? JsonSerializer.Deserialize(rules, IncidentsJson.Compact.IReadOnlyListString) ?? [] : [],
        Changes = (int)row.Number("Changes"),
        NobodySince = Time(row.Number("NobodySince")),
        Reminders = (int)row.Number("Reminders"),
        RemindedAt = Time(row.Number("RemindedAt")),
        LastCall = row.Text("LastCall") ?? "",
        Told = SeverityOf(row, "Told"),
        WorstTold = SeverityOf(row, "WorstTold"),
        Reasons = row.Bytes("Reasons") is { } reasons ? JsonSerializer.Deserialize(reasons, IncidentsJson.Compact.IReadOnlyListString) ?? [] : [],
    };

    public static TableRow Row(string tenant, string key, SubjectState state) => new(tenant, Subject + key)
    {
        ["V"] = 1,
        ["Subject"] = state.Subject,
        ["Incident"] = state.Incident,
        ["Turn"] = state.Turn,
        ["Severity"] = Number(state.Severity),
        ["At"] = state.At,
        ["Worst"] = Number(state.Worst),
        ["Opened"] = state.Subject == IncidentBook.StormSubject ? state.Opened : null,
        ["OpenedSince"] = state.OpenedSince,
    };

    public static SubjectState ReadSubject(TableRow row) => new(
        row.Text("Subject") ?? "", row.Text("Incident") ?? "", row.Number("Turn"), SeverityOf(row, "Severity"), row.Time("At") ?? default, row.ETag ?? "")
    {
        Worst = SeverityOf(row, "Worst"),
        Opened = (int)row.Number("Opened"),
        OpenedSince = row.Time("OpenedSince"),
    };

    /// <summary>A merge cannot delete a property, so nothing is a number too.</summary>
    static int Number(Severity? severity) => severity is null ? -1 : (int)severity;

    static Severity? SeverityOf(TableRow row, string name) => row[name] is not null && row.Number(name) >= 0 ? (Severity)row.Number(name) : null;

    static string[] Many(TableRow row, string name) => (row.Text(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    static DateTimeOffset? Time(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
