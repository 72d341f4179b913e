using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;

namespace Watchdesk.Mail;

/// <summary>
/// Brings accepted mails to where they belong: the tables, the job that one is a ping of, incidents. Every step does nothing a second
/// time, so that a message that is delivered again goes on where it was left.
/// </summary>
public sealed class TakeMail(KeepMails keep, EventLog log, ApplyEvents runs, SeriesTeller teller, MailEvents events) : IInboxConsumer
{
    public const string EnvelopeKind = "mail";

    public string Kind => EnvelopeKind;

    public string LogKind => EnvelopeKind;

    public object Read(JsonElement items) => ReadAll(items);

    public static MonitoringMail[] ReadAll(JsonElement items) => [.. items.EnumerateArray().Select(MonitoringMail.Read)];

    public async Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = await keep.AddAsync(tenant, messages, now, cancellationToken);
        await PingAsync(tenant, [.. kept.All.Where(mail => mail.Job is not null).Select(PingOf)], now, cancellationToken);
        await teller.TellAsync(tenant, kept.Turned, now, isCatchUp: false, cancellationToken);
        await events.TellAsync(tenant, kept.All, now, cancellationToken);
        await keep.FinishAsync(tenant, kept, now, cancellationToken);
    }

    /// <summary>Each as a message of its own with the mail's id: the same at every delivery.</summary>
    async Task PingAsync(string tenant, RunEvent[] pings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await log.AppendItemsAsync(tenant, "run", pings.Select(e => (e.Id, e.ReceivedAt, JsonDocument.Parse(InboxItem.ToJson(e)).RootElement)), cancellationToken);
        await runs.ApplyAsync(tenant, [.. pings.Select(e => new RunMessage(e.Id, [e]))], now, cancellationToken);
    }

    static RunEvent PingOf(StoredMail mail)
    {
        var kind = MailWords.KindOf(mail.Content.Subject, mail.Content.Text);
        var host = mail.Tags.Servers.Count > 0 ? mail.Tags.Servers[0] : null;
        return new RunEvent(mail.Id, mail.Job!, kind, mail.At.ToUnixTimeMilliseconds(), mail.ReceivedAt.ToUnixTimeMilliseconds(), Host: host, Message: mail.Content.Subject);
    }
}
