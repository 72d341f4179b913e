using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>A mail as the API shows it.</summary>
/// <param name="Text">Only when one mail is asked for; as are headers and attachments.</param>
/// <param name="LooksLike">What looks like a tag and was not used.</param>
/// <param name="Why">Why it did or did not open an incident.</param>
/// <param name="Rule">Name of the mail rule that took it.</param>
/// <param name="Dropped">Its rule drops it: it is kept, opens no incident and counts in no series.</param>
public sealed record MailAnswer(
    string Id,
    DateTimeOffset ReceivedAt,
    string From,
    string Subject,
    string? Severity,
    Schedule? Schedule,
    string? Org,
    IReadOnlyList<string> Servers,
    IReadOnlyList<string> LooksLike,
    string Series,
    string? Job,
    string Why,
    string? Rule,
    bool Dropped,
    DateTimeOffset? SentAt = null,
    string? MessageId = null,
    IReadOnlyList<string>? To = null,
    string? Text = null,
    IReadOnlyList<MailHeader>? Headers = null,
    IReadOnlyList<MailAttachment>? Attachments = null,
    bool? IsCut = null)
{
    public static MailAnswer Of(StoredMail mail) => new(
        mail.Id,
        mail.ReceivedAt,
        mail.Content.From,
        mail.Content.Subject,
        mail.Tags.Severity is { } severity ? Words.Of(severity) : null,
        mail.Tags.Schedule,
        mail.Tags.Org,
        mail.Tags.Servers,
        mail.Tags.LooksLike,
        mail.Series.Id,
        mail.Job,
        WhyOf(mail),
        mail.Rule?.Name,
        mail.IsDropped);

    public static MailAnswer Whole(StoredMail mail) => Of(mail) with
    {
        SentAt = mail.Content.SentAt,
        MessageId = mail.Content.MessageId,
        To = mail.Content.To,
        Text = mail.Content.Text,
        Headers = mail.Content.Headers,
        Attachments = mail.Content.Attachments,
        IsCut = mail.Content.IsCut ? true : null,
    };

    /// <summary>A sentence or two.</summary>
    public static string WhyOf(StoredMail mail) => mail switch
    {
        { IsDropped: true } => $"The mail rule {mail.Rule?.Name} drops it: it is kept here and in the event log, opens no incident and counts in no series.",
        { Rule: { } rule } when Clients.Keys.TimeOf(rule.Id) > mail.ReceivedAt => $"The mail rule {rule.Name} took it. It came before the rule was made, which opened no incident for it.",
        { Rule: { } rule } => $"The mail rule {rule.Name} took it. {ComesOf(mail.Tags)}",
        _ => ComesOf(mail.Tags),
    };

    static string ComesOf(MailTags tags) => tags switch
    {
        { Schedule: { } schedule } => $"It is one of {schedule.Describe()}: it alarms when its series has too few or too many.",
        { Severity: Incidents.Severity.Critical or Incidents.Severity.Warning } => $"It is {(tags.Severity == Incidents.Severity.Critical ? "critical" : "a warning")} and not scheduled, so it opened an incident of its series or joined the one that was open.",
        { Severity: Incidents.Severity.Info } => "Tagged :info:, so it opened no incident.",
        _ => "No tag says how severe it is, so it opened no incident.",
    };
}

public sealed record MailList(IReadOnlyList<MailAnswer> Items, string? Next);

/// <summary>A series and what it owes.</summary>
/// <param name="Status">new, fine, late, too few, too many or ended.</param>
/// <param name="Reason">For example "got 1 of 2±0 in the last 24 h, last 09:02, expected by 21:40".</param>
/// <param name="DueAt">When there are fewer than enough if no mail comes; null when nothing is owed.</param>
/// <param name="Deadline">When that is an alert.</param>
public sealed record SeriesAnswer(
    string Id,
    string From,
    string Name,
    Schedule Schedule,
    string Status,
    string Reason,
    string Severity,
    string? Org,
    string? Host,
    DateTimeOffset? LastAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? Deadline,
    string LastMail)
{
    public static SeriesAnswer Of(SeriesRow row, DateTimeOffset now)
    {
        var state = row.State.SettledTo(now);
        var outlook = CountOutlook.At(state.Schedule, state.Arrivals, DateTimeOffset.FromUnixTimeMilliseconds(state.SettledAt));
        var status = outlook.Verdict switch { CountVerdict.New => "new", CountVerdict.Late => "late", CountVerdict.TooFew => "too few", CountVerdict.TooMany => "too many", _ => "fine" };
        return new SeriesAnswer(
            row.Id,
            state.Sender,
            state.Name,
            state.Schedule,
            state.IsEnded ? "ended" : status,
            state.Reason(now),
            Words.Of(state.Severity),
            state.Org,
            state.Host,
            state.Arrivals.LastAt,
            state.IsEnded ? null : outlook.DueAt,
            state.IsEnded ? null : outlook.Deadline,
            state.LastMail);
    }
}

public sealed record SeriesList(IReadOnlyList<SeriesAnswer> Items, string? Next);
