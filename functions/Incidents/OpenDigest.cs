using System.Globalization;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What is still open, as one notice for one channel.</summary>
static class OpenDigest
{
    const int MaxLines = 60;

    /// <param name="open">The most severe first.</param>
    /// <param name="hasMore">There are others, which are not counted.</param>
    /// <returns>Null when nothing is open that this channel wants to know of.</returns>
    public static Notice? Of(Channel channel, NoticeKey key, IReadOnlyList<Incident> open, bool hasMore, DateTimeOffset now)
    {
        List<Incident> wanted = [.. open.Where(incident => (Level)incident.Severity >= channel.MinLevel)];
        if (wanted.Count == 0)
        {
            return null;
        }

        var nobody = wanted.Count(incident => !incident.IsOwned);
        var counts = string.Join(", ", wanted.GroupBy(incident => incident.Severity).OrderByDescending(group => group.Key).Select(group => $"{Number(group.Count())} {Words.Of(group.Key)}"));
        return new Notice(
            key.Text,
            channel.Tenant,
            NoticeKind.Digest,
            (Level)wanted[0].Severity,
            "",
            wanted.Count == 1 ? "1 incident is open" : $"{(hasMore ? "more than " : "")}{Number(wanted.Count)} incidents are open",
            $"Daily digest: {counts}; {(nobody == 0 ? "each has an owner" : $"nobody has {Number(nobody)} of them")}.",
            wanted.Min(incident => incident.Since),
            now,
            "/incidents",
            Advice: nobody == 0 ? null : "Look at those that nobody has, and acknowledge or resolve them.",
            Told: [$"{channel.Name} ({channel.Kind})"],
            Lines: [.. wanted.Take(MaxLines).Select(incident => Line(incident, now)), .. More(wanted.Count)]);
    }

    static string Line(Incident incident, DateTimeOffset now)
    {
        var owner = incident.IsOwned ? $"{incident.OwnerName} has it" : "nobody has it";
        return NoticeText.Shorten($"{Words.Of(incident.Severity)} {incident.Name}, open for {NoticeText.Span(now - incident.OpenedAt)}, {owner}: {incident.Reason}", 200);
    }

    static string[] More(int count) => count > MaxLines ? [$"and {Number(count - MaxLines)} more"] : [];

    static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
