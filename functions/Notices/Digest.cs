using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>Many notices as one message.</summary>
public static class Digest
{
    const int MaxLines = 200;

    public static Message Of(IReadOnlyList<(Delivery Delivery, Notice Notice)> waiting, string deskUrl, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        var bad = waiting.Where(item => item.Notice.Kind != NoticeKind.Resolved).Select(item => item.Notice.Level).ToList();
        var (open, resolved) = (bad.Count, waiting.Count - bad.Count);
        var lines = waiting
            .OrderBy(item => item.Notice.Kind == NoticeKind.Resolved).ThenByDescending(item => item.Notice.Level).ThenBy(item => item.Notice.At)
            .Take(MaxLines).Select(item => NoticeText.Subject(item.Notice)).ToList();
        var id = Keys.Hash(string.Join(' ', waiting.Select(item => item.Delivery.Id).Order(StringComparer.Ordinal)));
        var first = waiting[0];
        var notice = new Notice(
            id,
            first.Delivery.Tenant,
            NoticeKind.Digest,
            bad.DefaultIfEmpty(Level.Info).Max(),
            "",
            $"{waiting.Count} notices",
            $"{(open == 0 ? "all" : $"{open} about something wrong,")} {(open == 0 ? "" : $"{resolved} ")}resolved; sent as one so that the channel stays readable.",
            waiting.Min(item => item.Notice.Since),
            now,
            "/incidents",
            Told: [first.Delivery.Recipient.Name],
            Lines: lines);
        return new Message(notice, id, $"digest.{first.Delivery.Recipient.Channel}", deskUrl, now);
    }
}
