using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Operations;

/// <summary>Sends a notice that is no change of an incident, by the same outbox: due row, notice, call. Telling it again changes nothing.</summary>
sealed class TellPeople(DueIndex due, NoticeStore notices, Outbox outbox, PersonChannels people)
{
    /// <summary>Time for the quick way, by message; then the due row looks.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    const int MaxRecipients = 90;

    /// <summary>Whoever of these people can be reached, by all their ways.</summary>
    public async Task<IReadOnlyList<Recipient>> RecipientsAsync(string tenant, IEnumerable<string> users, string reason, CancellationToken cancellationToken) =>
        [.. (await people.ListAsync(tenant, users, cancellationToken)).SelectMany(person => person.Ways).Where(way => way.IsEnabled).Select(way => new Recipient(way.Id, way.Kind, way.Name, reason)).Take(MaxRecipients)];

    /// <param name="key">The same for the same notice, however often it is told.</param>
    public async Task TellAsync(NoticeKey key, Notice notice, IReadOnlyList<Recipient> recipients, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (recipients.Count == 0)
        {
            return;
        }

        var told = notice with { Told = [.. recipients.Take(20).Select(recipient => $"{recipient.Name} ({recipient.Kind})")] };
        await due.AddAsync([new DueItem(Outbox.DueKind, notice.Tenant, key.Text, now + Patience)], now, cancellationToken);
        await notices.AddAsync(notice.Tenant, new OutboxEntry(key, [], told, [.. recipients.Take(MaxRecipients)]), cancellationToken);
        await outbox.CallAsync(notice.Tenant, [key.Text], now, cancellationToken);
    }
}
