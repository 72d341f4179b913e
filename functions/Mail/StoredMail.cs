namespace Watchdesk.Mail;

/// <summary>A mail with what was found in it, as a row of the table mails.</summary>
/// <param name="Content">Without text, headers and the like when it was read for a list.</param>
public sealed record StoredMail(string Id, MailContent Content, MailTags Tags, SeriesKey Series, string? Job)
{
    /// <summary>The mail rule that took it; null for none.</summary>
    public RuleOfMail? Rule { get; init; }

    /// <summary>Its rule drops it: it is kept, opens no incident and counts in no series.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Nobody has said yet what it is about: no organisation, no rule, no job.</summary>
    public bool IsUnclassified => Tags.Org is null && Rule is null && Job is null;

    public DateTimeOffset ReceivedAt => Clients.Keys.TimeOf(Id);

    /// <summary>Its sender's time, unless that lies in the future.</summary>
    public DateTimeOffset At =>
        DateTimeOffset.FromUnixTimeMilliseconds(Heartbeats.RunEvent.Believe(Content.SentAt?.ToUnixTimeMilliseconds(), ReceivedAt.ToUnixTimeMilliseconds()).At);

    public static StoredMail Of(MonitoringMail mail) => new(
        mail.Id, mail.Content, MailTags.Read(mail.Content.Subject, mail.Content.Text), SeriesKey.Of(mail.Content.From, mail.Content.Subject), mail.Job);
}

/// <summary>The name is as it was when the rule took the mail.</summary>
public sealed record RuleOfMail(string Id, string Name);
