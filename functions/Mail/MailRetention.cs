using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Due kind <c>mail-day</c>: the mails of a day go 90 days after its end, with their texts and what is remembered of their Message-IDs.</summary>
public sealed class MailRetention(ITables tables, BlobClient blobs, SeenMails seen, UnclassifiedMails unclassified) : IDueHandler
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(90);
    const string DueKind = "mail-day";
    const int PagesAtOnce = 50;

    public string Kind => DueKind;

    public static DueItem Of(string tenant, string day) => new(DueKind, tenant, day, Begin(day) + TimeSpan.FromDays(1) + Keep);

    public static DateTimeOffset Begin(string day) => new(DateTime.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture), TimeSpan.Zero);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var left = new List<DueRow>();
        foreach (var row in rows)
        {
            if (!await ForgetAsync(row.Item.Tenant, row.Item.Id, cancellationToken))
            {
                left.Add(row);
            }
        }

        return left;
    }

    /// <summary>False when there is more than one call should take. A mail goes after what belongs to it, its day after all its mails.</summary>
    async Task<bool> ForgetAsync(string tenant, string day, CancellationToken cancellationToken)
    {
        if (!await unclassified.ForgetAsync(tenant, Begin(day), cancellationToken))
        {
            return false;
        }

        var partition = MailRows.Partition(tenant, day);
        for (var pages = 0; pages < PagesAtOnce; pages++)
        {
            var page = await tables.QueryAsync(new TableQuery(Tables.Mails, partition, Select: ["RowKey", "Id", "Seen", "HasBlob"], Limit: 100), cancellationToken);
            foreach (var row in page.Rows.Where(row => row.Flag("HasBlob")))
            {
                await blobs.DeleteAsync(MailStore.Container, MailRows.BlobName(tenant, row.Text("Id")!), cancellationToken);
            }

            await seen.ForgetAsync(tenant, [.. page.Rows.Select(row => row.Text("Seen")).OfType<string>().Where(hash => hash.Length > 0)], cancellationToken);
            if (page.Rows.Count > 0)
            {
                await tables.WriteAsync(Tables.Mails, [.. page.Rows.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
            }

            if (page.Continuation is null)
            {
                await tables.WriteAsync(Tables.Mails, TableWrite.Delete(MailRows.Days(tenant), MailStore.DayKey(day)), cancellationToken);
                return true;
            }
        }

        return false;
    }
}
