using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Notices;

namespace Watchdesk.Mail;

/// <summary>
/// A mail that a tag or a mail rule calls critical or a warning, without a schedule, opens an incident of its series, or joins the one that
/// is open. It stays open until a person resolves it, and as severe as its worst mail.
/// </summary>
public sealed class MailEvents(IncidentStore incidents, IncidentDesk desk)
{
    const int MaxLine = 300;

    public static string SubjectOf(string series) => $"mail:{series}";

    public static bool Opens(StoredMail mail) => !mail.IsDropped && mail.Tags is { Schedule: null, Severity: Severity.Warning or Severity.Critical };

    public async Task TellAsync(string tenant, IReadOnlyList<StoredMail> mails, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Signal[] signals = [.. mails.Where(Opens).GroupBy(mail => mail.Series.Id, StringComparer.Ordinal).Select(SignalOf)];
        if (signals.Length == 0)
        {
            return;
        }

        var keyed = SignalList.Tidy(signals);
        var book = await incidents.ReadAsync(tenant, keyed, cancellationToken);
        await desk.TellAsync(tenant, [.. keyed.Select(item => AtLeast(item.Signal, book, item.Key))], now, cancellationToken);
    }

    /// <summary>The open incident that this series' mails belong to; null for none.</summary>
    public async Task<Incident?> FindAsync(string tenant, string subject, CancellationToken cancellationToken)
    {
        var item = new KeyedSignal(Keys.Hash(subject), new Signal(subject, "", 0, null, "", default));
        var book = await incidents.ReadAsync(tenant, [item], cancellationToken);
        return book.OpenFor(book.SubjectOf(item.Key));
    }

    static Signal AtLeast(Signal signal, IncidentBook book, string key) =>
        book.SubjectOf(key) is { Severity: { } worst } subject && book.OpenFor(subject) is not null && worst > signal.Severity ? signal with { Severity = worst } : signal;

    /// <summary>Of several at once the worst tells, at the turn of the last.</summary>
    static Signal SignalOf(IGrouping<string, StoredMail> series)
    {
        var worst = series.OrderByDescending(mail => mail.Tags.Severity).ThenByDescending(mail => mail.ReceivedAt).First();
        var more = series.Count() > 1 ? $" And {series.Count() - 1} more." : "";
        var line = worst.Content.Text.Split('\n').Select(SeriesKey.WithoutTags).FirstOrDefault(text => text.Length > 0 && text[0] != ':') ?? "";
        var org = worst.Tags.Org is { } path ? $" ({path})" : "";
        return new Signal(
            SubjectOf(series.Key),
            worst.Series.Name,
            series.Max(mail => mail.ReceivedAt).ToUnixTimeMilliseconds(),
            worst.Tags.Severity,
            $"Mail from {worst.Content.From}{org}{(line.Length > 0 ? ": " + NoticeText.Shorten(line, MaxLine) : ", without text")}.{more}",
            worst.ReceivedAt,
            worst.Tags.Servers.Count > 0 ? worst.Tags.Servers[0] : null,
            $"/mail/{worst.Id}",
            Org: worst.Tags.Org,
            Mails: [.. series.OrderByDescending(mail => mail.ReceivedAt).Select(mail => mail.Id)]);
    }
}
