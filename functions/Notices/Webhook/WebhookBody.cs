namespace Watchdesk.Notices.Webhook;

/// <summary>What a webhook gets. Members may be added; none is removed or changes its meaning within a version.</summary>
/// <param name="Id">The same when a message is repeated, also in the header Idempotency-Key.</param>
/// <param name="Kind">opened, worsened, reminder, resolved, digest or test.</param>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="Title">One line for a person.</param>
/// <param name="Lines">The list of a storm or digest.</param>
public sealed record WebhookBody(
    int Version,
    string Id,
    NoticeKind Kind,
    Level Severity,
    string Tenant,
    string Incident,
    string Name,
    string Title,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset At,
    DateTimeOffset? LastGoodAt,
    string? Host,
    string? Advice,
    string? Link,
    IReadOnlyList<string> Told,
    IReadOnlyList<string> Lines)
{
    public static WebhookBody From(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var notice = message.Notice;
        return new WebhookBody(
            1, message.Key, notice.Kind, notice.Level, notice.Tenant, notice.Incident, notice.Name, NoticeText.Subject(notice), notice.Reason,
            notice.Since, notice.At, notice.LastGoodAt, notice.Host, notice.Advice, message.Link, notice.Told ?? [], notice.Lines ?? []);
    }
}
