using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>The mails of one queue message, each with its series.</summary>
public sealed record SeriesMessage(string Id, IReadOnlyList<(SeriesKey Key, SeriesMail Mail)> Mails);

/// <summary>
/// Counts mails in the rows of their series, each message once: the transaction that changes rows also inserts a row
/// <c>m~{message}~{part}</c>, and a conflict on it means that the part was counted. What follows (turns to tell, index rows) is
/// done again from the rows themselves.
/// </summary>
public sealed class ApplyMails(ITables tables, SeriesRows rows, DueIndex due)
{
    const int MaxRows = 90;
    const int ReadsAtOnce = 16;

    /// <summary>Series whose turn nobody has been told yet.</summary>
    public async Task<IReadOnlyList<SeriesRow>> ApplyAsync(string tenant, IReadOnlyList<SeriesMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var turned = new Dictionary<string, SeriesRow>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            foreach (var shard in message.Mails.GroupBy(mail => rows.ShardOf(mail.Key.Id)).OrderBy(shard => shard.Key))
            {
                var series = shard.GroupBy(mail => mail.Key.Id, StringComparer.Ordinal).OrderBy(mails => mails.Key, StringComparer.Ordinal);
                foreach (var (part, n) in series.Chunk(MaxRows).Select((part, n) => (part, n)))
                {
                    var marker = string.Create(CultureInfo.InvariantCulture, $"{SeriesRows.Markers}{message.Id}~{n}");
                    foreach (var row in await ApplyAsync(tenant, SeriesRows.Partition(tenant, shard.Key), marker, part, now, cancellationToken))
                    {
                        turned[row.Id] = row;
                    }
                }
            }
        }

        return [.. turned.Values.Where(row => row.State.Turn > row.State.ToldTurn)];
    }

    async Task<IReadOnlyList<SeriesRow>> ApplyAsync(
        string tenant, string partition, string marker, IGrouping<string, (SeriesKey Key, SeriesMail Mail)>[] part, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await ReadAsync(tenant, part.Select(mails => mails.Key), cancellationToken);
            var (changed, index) = (new List<SeriesRow>(), new List<DueItem>());
            foreach (var mails in part)
            {
                var before = stored.GetValueOrDefault(mails.Key);
                var after = mails.OrderBy(mail => mail.Mail.ReceivedAt).Aggregate(before?.State, (state, mail) => SeriesState.After(state, mail.Key, mail.Mail));
                if (after is not null && after != before?.State)
                {
                    var (row, earlier) = new SeriesRow(tenant, mails.Key, after, before?.ETag).Indexed(now);
                    changed.Add(row);
                    index.AddRange(earlier is null ? [] : [earlier]);
                }
            }

            if (changed.Count == 0)
            {
                return [];
            }

            if (changed.Exists(row => row.ETag is null))
            {
                index.Add(ExpectationWalk.First(SeriesRows.Walked.Name, tenant, rows.ShardOf(changed[0].Id), now));
            }

            await due.AddAsync(index, now, cancellationToken);
            var result = await tables.WriteAsync(Tables.Series, [.. changed.Select(rows.Write), TableWrite.Insert(new TableRow(partition, marker) { ["V"] = 1 })], cancellationToken);
            if (result.IsDone)
            {
                return [.. changed.Select((row, n) => row with { ETag = result.ETags[n] })];
            }

            if (result.FailedIndex == changed.Count)
            {
                // Counted at an earlier delivery, but perhaps left untold.
                return [.. stored.Values];
            }
        }
    }

    async Task<Dictionary<string, SeriesRow>> ReadAsync(string tenant, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, SeriesRow>(StringComparer.Ordinal);
        foreach (var chunk in ids.Chunk(ReadsAtOnce))
        {
            foreach (var row in (await Task.WhenAll(chunk.Select(id => rows.ReadAsync(tenant, id, cancellationToken)))).OfType<SeriesRow>())
            {
                found[row.Id] = row;
            }
        }

        return found;
    }
}
