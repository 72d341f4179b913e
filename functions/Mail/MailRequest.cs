using Watchdesk.Hosting;
using Watchdesk.Mail.Mime;

namespace Watchdesk.Mail;

/// <summary>A mail as JSON, for senders that have no MIME at hand.</summary>
/// <param name="To">Addresses between commas.</param>
/// <param name="Date">When it was sent, ISO 8601; the time of receipt when absent.</param>
/// <param name="MessageId">The same mail sent again with it counts once.</param>
public sealed record MailRequest(
    string From,
    string Subject,
    string? To = null,
    string? Text = null,
    string? Html = null,
    DateTimeOffset? Date = null,
    string? MessageId = null,
    IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <exception cref="InvalidRequestException">A member is missing or over its bound.</exception>
    public MailContent ToContent()
    {
        if (Text is not null && Html is not null)
        {
            throw new InvalidRequestException("Send text or html, not both.");
        }

        var builder = new ContentBuilder
        {
            From = MailText.Line(Given(From, "from", MailBounds.Address)).ToLowerInvariant(),
            Subject = MailText.Line(Given(Subject, "subject", MailBounds.Subject)),
            SentAt = Date?.ToUniversalTime(),
            MessageId = MessageId is null ? null : Given(MessageId, "messageId", MailBounds.MessageId).Trim('<', '>', ' '),
        };
        foreach (var address in (To ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            builder.AddAddress(address);
        }

        foreach (var (name, value) in Headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            builder.AddHeader(name, value ?? throw new InvalidRequestException($"The header {name} is null."));
        }

        builder.Text = Html is null ? Text ?? "" : HtmlText.Of(Html);
        return builder.Build();
    }

    static string Given(string? text, string name, int max) =>
        text is { } given && given.Trim().Length > 0 && given.Length <= max ? given : throw new InvalidRequestException($"{name} has 1 to {max} characters.");
}

/// <param name="Id">Of the mail; of the first one when this was a duplicate.</param>
/// <param name="Duplicate">True when a mail with this Message-ID has come before; nothing was stored.</param>
/// <param name="Severity">What its tags say, as are schedule, org and servers.</param>
/// <param name="LooksLike">What looks like a tag and was not used, with what to write instead.</param>
public sealed record MailAccepted(
    string Id,
    bool? Duplicate,
    string? Severity,
    Schedules.Schedule? Schedule,
    string? Org,
    IReadOnlyList<string> Servers,
    IReadOnlyList<string> LooksLike)
{
    public static MailAccepted Of(string id, MailTags tags, bool isDuplicate) =>
        new(id, isDuplicate ? true : null, tags.Severity is { } severity ? Incidents.Words.Of(severity) : null, tags.Schedule, tags.Org, tags.Servers, tags.LooksLike);
}
