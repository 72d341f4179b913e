namespace Watchdesk.Incidents;

/// <summary>A signal as it stands in the list of its incident: one incident has many.</summary>
/// <param name="Subject">Key of the subject, for example <c>job:0193…</c>.</param>
/// <param name="Severity">Null when the subject was good again.</param>
/// <param name="Link">Page of what it comes from, a path on the desk; empty for none.</param>
/// <param name="Mails">Ids of its mails, the newest first.</param>
public sealed record SignalRecord(
    string Id, string Subject, string Name, long Turn, Severity? Severity, string Reason, DateTimeOffset At, string Host, string Link, string Org, IReadOnlyList<string> Mails)
{
    /// <summary>Of one incident; later ones are counted in its causes and not listed.</summary>
    public const int Most = 5000;

    public const int MaxMails = 20;
}

public sealed record SignalPage(IReadOnlyList<SignalRecord> Items, string? Next);
