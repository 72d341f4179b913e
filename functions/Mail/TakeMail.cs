using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents.Search;
using Watchdesk.Mail.Rules;
using Watchdesk.Mail.Search;

namespace Watchdesk.Mail;

/// <summary>
/// Brings accepted mails to where they belong: past the mail rules to mails, the job that one is a ping of, its series, incidents. Every step
/// does nothing a second time, so that a message that is delivered again goes on where it was left.
/// </summary>
public sealed class TakeMail(
    SeenMails seen, EventLog log, MailRuleStore rules, MailStore store, UnclassifiedMails unclassified, ApplyEvents runs, ApplyMails apply, MailEvents events, WordIndex words) : IInboxConsumer
{
    public const string EnvelopeKind = "mail";

    public string Kind => EnvelopeKind;

    public string LogKind => EnvelopeKind;

    public object Read(JsonElement items) => items.EnumerateArray().Select(MonitoringMail.Read).ToArray();

    public async Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var read = messages.SelectMany(message => ((MonitoringMail[])message.Items).Select(mail => (Message: message.Id, Mail: mail))).ToArray();
        var first = (await seen.ClaimAsync(tenant, [.. read.Select(taken => taken.Mail)], cancellationToken)).Select(mail => mail.Id).ToHashSet(StringComparer.Ordinal);
        if (first.Count == 0)
        {
            return;
        }

        MailRule[] inOrder = [.. (await rules.ListAsync(tenant, cancellationToken)).Select(row => row.Rule)];
        var mails = read.Where(taken => first.Contains(taken.Mail.Id)).Select(taken => (taken.Message, Mail: MailRule.First(inOrder, StoredMail.Of(taken.Mail)))).ToArray();
        StoredMail[] all = [.. mails.Select(mail => mail.Mail)];
        await store.AddAsync(tenant, all, cancellationToken);
        await unclassified.AddAsync(tenant, all, cancellationToken);
        await PingAsync(tenant, [.. all.Where(mail => mail.Job is not null).Select(PingOf)], now, cancellationToken);
        var series = mails.Where(mail => !mail.Mail.IsDropped).GroupBy(mail => mail.Message, mail => mail.Mail, StringComparer.Ordinal)
            .Select(message => new SeriesMessage(message.Key, [.. message.Select(mail => (mail.Series, new SeriesMail(mail.Id, mail.ReceivedAt, mail.At, mail.Tags)))]));
        await apply.ApplyAsync(tenant, [.. series], now, cancellationToken);
        await events.TellAsync(tenant, all, now, cancellationToken);
        await words.AddAsync(tenant, [.. all.Select(FindMails.WordsOf)], cancellationToken);
        await rules.CountAsync(tenant, [.. mails.Where(mail => mail.Mail.Rule is not null).Select(mail => (mail.Message, mail.Mail.Rule!.Id))], now, cancellationToken);
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
