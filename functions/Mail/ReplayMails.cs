using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents.Search;
using Watchdesk.Mail.Rules;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Mails from the event log: the rows that <see cref="TakeMail"/> made of them. What was a ping stands in the log as a run as well.</summary>
public sealed class ReplayMails(KeepMails keep, UnclassifiedMails unclassified, MailRuleStore rules, SeriesRows series, ITables tables, DueIndex due) : IInboxConsumer
{
    const int RowsAtOnce = 50;

    public string Kind => TakeMail.EnvelopeKind;

    public string LogKind => TakeMail.EnvelopeKind;

    public static ReplayPart Of(ReplayTarget into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var (tables, due, clock) = (into.Tables, into.Due, into.Clock);
        var series = new SeriesRows(tables, into.Options);
        var store = new MailStore(tables, into.Blobs, due, clock);
        var (unclassified, rules) = (new UnclassifiedMails(tables, store), new MailRuleStore(tables, new EventLog(into.Blobs, clock), clock));
        var words = new WordIndex(tables, new WordDays(tables), due, clock);
        var keep = new KeepMails(new SeenMails(tables, RetentionDue.NoteIn(due, clock), clock), rules, store, unclassified, new ApplyMails(tables, series, due), words);
        var mails = new ReplayMails(keep, unclassified, rules, series, tables, due);
        return new ReplayPart(mails.EndAsync, mails, mails.SweepAsync);
    }

    public object Read(JsonElement items) => TakeMail.ReadAll(items);

    public async Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken) =>
        await keep.FinishAsync(tenant, await keep.AddAsync(tenant, messages, now, cancellationToken), now, cancellationToken);

    /// <summary>A rule that was made or changed has taken mails that came before it.</summary>
    async Task SweepAsync(string tenant, string table, CancellationToken cancellationToken)
    {
        if (table == Tables.MailRules)
        {
            await unclassified.SweepAsync(tenant, [.. (await rules.ListAsync(tenant, cancellationToken)).Select(row => row.Rule)], cancellationToken);
        }
    }

    /// <summary>Where due rows stood and what was told is not believed: each series is looked at once, and one that is bad is told.</summary>
    async Task EndAsync(string tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < series.Shards; shard++)
        {
            var query = new TableQuery(Tables.Series, SeriesRows.Partition(tenant, shard), Before: SeriesRows.Markers, Limit: RowsAtOnce);
            do
            {
                var (rows, continuation) = await series.QueryAsync(query, tenant, cancellationToken);
                if (rows.Count > 0)
                {
                    await due.AddAsync([ExpectationWalk.First(SeriesRows.Walked.Name, tenant, shard, now), .. rows.Select(row => row.Due(now))], now, cancellationToken);
                    await tables.WriteAsync(Tables.Series, [.. rows.Select(row => series.Write(Begun(row, now)))], cancellationToken);
                }

                query = query with { Continuation = continuation };
            }
            while (query.Continuation is not null);
        }
    }

    static SeriesRow Begun(SeriesRow row, DateTimeOffset now)
    {
        var state = row.State.SettledTo(now);
        var told = state.Cause == SeriesCause.None ? state.Turn : state.Turn - 1;
        return row with { State = state with { IndexedAt = DueIndex.IndexedAt(now, now).ToUnixTimeMilliseconds(), ToldTurn = told } };
    }
}
