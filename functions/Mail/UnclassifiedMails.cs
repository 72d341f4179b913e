using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Mail.Rules;

namespace Watchdesk.Mail;

/// <summary>
/// The mails that nobody has classified, newest first: the partition <c>{tenant}~unclassified</c> of the table mails holds a copy of
/// what a list shows of them. A mail leaves it when a rule takes it.
/// </summary>
public sealed class UnclassifiedMails(ITables tables, MailStore store)
{
    const int MaxRows = 100;
    const int AtOnce = 8;
    const int PagesAtOnce = 50;

    /// <summary>So many of the newest are tried when a rule is made or changed.</summary>
    public const int Swept = 500;

    public async Task AddAsync(string tenant, IReadOnlyList<StoredMail> mails, CancellationToken cancellationToken)
    {
        foreach (var chunk in mails.Where(mail => mail.IsUnclassified).DistinctBy(mail => mail.Id, StringComparer.Ordinal).Chunk(MaxRows))
        {
            await tables.WriteAsync(Tables.Mails, [.. chunk.Select(mail => TableWrite.Upsert(Row(tenant, mail)))], cancellationToken);
        }
    }

    public async Task<(IReadOnlyList<StoredMail> Mails, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        if (next is { Length: not 48 })
        {
            throw new InvalidRequestException("next must be as the page before gave it.");
        }

        var page = await tables.QueryAsync(new TableQuery(Tables.Mails, Partition(tenant), next, Limit: limit + 1), cancellationToken);
        return ([.. page.Rows.Take(limit).Select(MailRows.Read)], page.Rows.Count > limit ? page.Rows[limit].RowKey : null);
    }

    /// <summary>Lets the rules take what they match of the newest ones. No incident is opened for what came before the rule.</summary>
    public async Task SweepAsync(string tenant, IReadOnlyList<MailRule> rules, CancellationToken cancellationToken)
    {
        var readsBody = rules.Any(rule => rule is { IsEnabled: true, ReadsBody: true });
        var (newest, _) = await ListAsync(tenant, Swept, null, cancellationToken);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(newest.Where(mail => readsBody || MailRule.First(rules, mail).Rule is not null), limits, async (listed, token) =>
        {
            if (await store.GetAsync(tenant, listed.Id, token) is { } mail && MailRule.First(rules, mail) is { Rule: not null } taken)
            {
                await store.AddAsync(tenant, [taken], token);
                await tables.WriteAsync(Tables.Mails, TableWrite.Delete(Partition(tenant), MailRows.Key(mail.Id)), token);
            }
        });
    }

    /// <summary>Those of a day go; false when there are more than one call should take.</summary>
    public async Task<bool> ForgetAsync(string tenant, DateTimeOffset day, CancellationToken cancellationToken)
    {
        var query = new TableQuery(Tables.Mails, Partition(tenant), Keys.NewestFirst(day.AddDays(1).AddMilliseconds(-1), ""), Keys.NewestFirst(day, "~"), ["RowKey"], MaxRows);
        for (var pages = 0; pages < PagesAtOnce; pages++)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            if (page.Rows.Count > 0)
            {
                await tables.WriteAsync(Tables.Mails, [.. page.Rows.Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey))], cancellationToken);
            }

            if (page.Continuation is null)
            {
                return true;
            }
        }

        return false;
    }

    static string Partition(string tenant) => $"{tenant}~unclassified";

    static TableRow Row(string tenant, StoredMail mail)
    {
        var whole = MailRows.Write(tenant, mail);
        var row = new TableRow(Partition(tenant), whole.RowKey) { ["V"] = 1 };
        foreach (var column in MailRows.ListColumns.Where(column => column != "RowKey"))
        {
            row[column] = whole[column];
        }

        return row;
    }
}
