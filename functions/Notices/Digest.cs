using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>Many notices as one message.</summary>
public static class Digest
{
    const int MaxLines = 200;

    public static Message Of(IReadOnlyList<(Delivery Delivery, Notice Notice)> waiting, string deskUrl, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        var worst = waiting.Max(item => item.Notice.Level);
        var open = waiting.Count(item => item.Notice.Kind != NoticeKind.Resolved);
        var resolved = waiting.Count - open;
        var lines = waiting
            .OrderBy(item => item.Notice.Kind == NoticeKind.Resolved).ThenByDescending(item => item.Notice.Level).ThenBy(item => item.Notice.At)
            .Take(MaxLines).Select(item => NoticeText.Subject(item.Notice)).ToList();
        var id = Keys.Hash(string.Join(' ', waiting.Select(item => item.Delivery.Id).Order(StringComparer.Ordinal)));
        var first = waiting[0];
        var notice = new Notice(
            id,
            first.Delivery.Tenant,
            NoticeKind.Digest,
            worst,
            "",
            $"{waiting.Count} notices",
            $"{open} about something wrong, {resolved} resolved; sent as one so that the channel stays readable.",
            waiting.Min(item => item.Notice.Since),
            now,
            "/incidents",
            Told: [first.Delivery.Recipient.Name],
            Lines: lines);
        return new Message(notice, id, $"digest.{first.Delivery.Recipient.Channel}", deskUrl, now);
    }
}
