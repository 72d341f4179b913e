using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;

namespace Watchdesk.Mail;

/// <summary>
/// Brings accepted mails to where they belong: event log, mails, the job that one is a ping of, its series, incidents.
/// Every step does nothing a second time, so that a message that is delivered again goes on where it was left.
/// </summary>
public sealed class TakeMail(SeenMails seen, EventLog log, MailStore store, TakeRuns runs, ApplyMails apply, MailEvents events, TimeProvider clock) : IInboxHandler
{
    public const string EnvelopeKind = "mail";

    public string Kind => EnvelopeKind;

    public async Task<IReadOnlyList<RefusedMessage>> HandleAsync(string tenant, IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedMessage>();
        var read = new List<(string Message, MonitoringMail Mail, JsonElement Item)>();
        // A sender that lost the answer has sent it again, and both may be in one batch.
        foreach (var message in messages.DistinctBy(message => message.Id, StringComparer.Ordinal))
        {
            try
            {
                read.AddRange([.. message.Items.Select(item => (message.Id, MonitoringMail.Read(item), item))]);
            }
            catch (FormatException problem)
            {
                refused.Add(new RefusedMessage(message, problem.Message));
            }
        }

        var first = (await seen.ClaimAsync(tenant, [.. read.Select(taken => taken.Mail)], cancellationToken)).Select(mail => mail.Id).ToHashSet(StringComparer.Ordinal);
        read.RemoveAll(taken => !first.Contains(taken.Mail.Id));
        if (read.Count > 0)
        {
            await TakeAsync(tenant, read, cancellationToken);
        }

        return refused;
    }

    async Task TakeAsync(string tenant, List<(string Message, MonitoringMail Mail, JsonElement Item)> taken, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await log.AppendItemsAsync(tenant, EnvelopeKind, taken.Select(mail => (mail.Message, mail.Mail.ReceivedAt.ToUnixTimeMilliseconds(), mail.Item)), cancellationToken);
        var mails = taken.Select(mail => (mail.Message, Mail: StoredMail.Of(mail.Mail))).ToArray();
        await store.AddAsync(tenant, [.. mails.Select(mail => mail.Mail)], cancellationToken);
        await runs.HandleAsync(tenant, [.. mails.Where(mail => mail.Mail.Job is not null).Select(mail => PingOf(tenant, mail.Mail))], cancellationToken);
        var series = mails.GroupBy(mail => mail.Message, mail => mail.Mail, StringComparer.Ordinal)
            .Select(message => new SeriesMessage(message.Key, [.. message.Select(mail => (mail.Series, new SeriesMail(mail.Id, mail.ReceivedAt, mail.At, mail.Tags)))]));
        await apply.ApplyAsync(tenant, [.. series], now, cancellationToken);
        await events.TellAsync(tenant, [.. mails.Select(mail => mail.Mail)], now, cancellationToken);
    }

    /// <summary>The same run event at every delivery, in a message of its own.</summary>
    static InboxMessage PingOf(string tenant, StoredMail mail)
    {
        var kind = MailWords.KindOf(mail.Content.Subject, mail.Content.Text);
        var host = mail.Tags.Servers.Count > 0 ? mail.Tags.Servers[0] : null;
        var e = new RunEvent(mail.Id, mail.Job!, kind, mail.At.ToUnixTimeMilliseconds(), mail.ReceivedAt.ToUnixTimeMilliseconds(), Host: host, Message: mail.Content.Subject);
        return new InboxMessage(mail.Id, tenant, [JsonDocument.Parse(InboxItem.ToJson(e)).RootElement]);
    }
}
