using Watchdesk.Clients;

namespace Watchdesk.Incidents;

/// <summary>The signals of an incident as rows <c>g~incident~newest first~subject</c> of the table incidents, PK tenant.</summary>
static class SignalRows
{
    public static string Prefix(string incident) => $"g~{incident}~";

    /// <param name="key">Key of the subject's row.</param>
    public static TableRow Row(string tenant, string incident, string key, Signal signal, DateTimeOffset now) =>
        Row(tenant, Prefix(incident) + Keys.NewestFirst(now, key[..16]), signal);

    static TableRow Row(string tenant, string key, Signal signal) => new(tenant, key)
    {
        ["V"] = 1,
        ["Subject"] = signal.Subject,
        ["Name"] = signal.Name,
        ["Turn"] = signal.Turn,
        ["Severity"] = signal.Severity is { } severity ? (int)severity : -1,
        ["Reason"] = signal.Reason,
        ["At"] = signal.At,
        ["Host"] = signal.Host ?? "",
        ["Link"] = signal.Link ?? "",
        ["Org"] = signal.Org ?? "",
        ["Mails"] = string.Join(' ', signal.Mails ?? []),
    };

    /// <summary>The same signal in the list of another incident.</summary>
    public static TableRow Row(string tenant, string incident, SignalRecord record) => Row(
        tenant,
        Prefix(incident) + record.Id,
        new Signal(record.Subject, record.Name, record.Turn, record.Severity, record.Reason, record.At, record.Host, record.Link, Org: record.Org, Mails: record.Mails));

    public static SignalRecord Read(TableRow row) => new(
        row.RowKey.Split('~', 3)[2],
        row.Text("Subject") ?? "",
        row.Text("Name") ?? "",
        row.Number("Turn"),
        row.Number("Severity") is >= 0 and var severity ? (Severity)severity : null,
        row.Text("Reason") ?? "",
        row.Time("At") ?? default,
        row.Text("Host") ?? "",
        row.Text("Link") ?? "",
        row.Text("Org") ?? "",
        (row.Text("Mails") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
