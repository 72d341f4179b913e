using Watchdesk.Heartbeats;
using Watchdesk.Incidents.Search;
using Watchdesk.Mail.Rules;
using Watchdesk.Mail.Search;

namespace Watchdesk.Mail;

/// <summary>Mails of one batch that are the first of their Message-ID, each with the id of its queue message, and the series that turned by them.</summary>
public sealed record KeptMails(IReadOnlyList<(string Message, StoredMail Mail)> Mails, IReadOnlyList<SeriesRow> Turned)
{
    public StoredMail[] All { get; } = [.. Mails.Select(mail => mail.Mail)];
}

/// <summary>What accepted mails are in the tables, whoever brings them: the inbox or a replay. Tells nobody; safe to repeat.</summary>
public sealed class KeepMails(SeenMails seen, MailRuleStore rules, MailStore store, UnclassifiedMails unclassified, ApplyMails series, WordIndex words)
{
    /// <summary>Past the mail rules to mails and what their series count.</summary>
    public async Task<KeptMails> AddAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var read = messages.SelectMany(message => ((MonitoringMail[])message.Items).Select(mail => (Message: message.Id, Mail: mail))).ToArray();
        var first = (await seen.ClaimAsync(tenant, [.. read.Select(taken => taken.Mail)], cancellationToken)).Select(mail => mail.Id).ToHashSet(StringComparer.Ordinal);
        if (first.Count == 0)
        {
            return new KeptMails([], []);
        }

        MailRule[] inOrder = [.. (await rules.ListAsync(tenant, cancellationToken)).Select(row => row.Rule)];
        var mails = read.Where(taken => first.Contains(taken.Mail.Id)).Select(taken => (taken.Message, Mail: MailRule.First(inOrder, StoredMail.Of(taken.Mail)))).ToArray();
        StoredMail[] all = [.. mails.Select(mail => mail.Mail)];
        await store.AddAsync(tenant, all, cancellationToken);
        await unclassified.AddAsync(tenant, all, cancellationToken);
        var counted = mails.Where(mail => !mail.Mail.IsDropped).GroupBy(mail => mail.Message, mail => mail.Mail, StringComparer.Ordinal)
            .Select(message => new SeriesMessage(message.Key, [.. message.Select(mail => (mail.Series, new SeriesMail(mail.Id, mail.ReceivedAt, mail.At, mail.Tags)))]));
        return new KeptMails(mails, await series.ApplyAsync(tenant, [.. counted], now, cancellationToken));
    }

    /// <summary>What may wait until people are told.</summary>
    public async Task FinishAsync(string tenant, KeptMails kept, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await words.AddAsync(tenant, [.. kept.All.Select(FindMails.WordsOf)], cancellationToken);
        await rules.CountAsync(tenant, [.. kept.Mails.Where(mail => mail.Mail.Rule is not null).Select(mail => (mail.Message, mail.Mail.Rule!.Id))], now, cancellationToken);
    }
}
