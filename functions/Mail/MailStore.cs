using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>Mails by day, newest first; long texts in the container mails.</summary>
public sealed class MailStore(ITables tables, BlobClient blobs, DueIndex due, TimeProvider clock)
{
    public const string Container = "mails";
    const int MaxRows = 50;
    const int MaxDays = 100;

    readonly Remembered<string> _days = new(1000, TimeSpan.FromHours(1));

    /// <summary>Stores mails of any days; storing one again changes nothing.</summary>
    public async Task AddAsync(string tenant, IReadOnlyList<StoredMail> mails, CancellationToken cancellationToken)
    {
        foreach (var day in mails.GroupBy(mail => MailRows.Day(mail.ReceivedAt), StringComparer.Ordinal))
        {
            await AnnounceAsync(tenant, day.Key, cancellationToken);
            foreach (var chunk in day.DistinctBy(mail => mail.Id, StringComparer.Ordinal).Chunk(MaxRows))
            {
                var rows = chunk.Select(mail => (Mail: mail, Row: MailRows.Write(tenant, mail))).ToArray();
                foreach (var (mail, _) in rows.Where(row => row.Row.Flag("HasBlob")))
                {
                    await blobs.PutAsync(Container, MailRows.BlobName(tenant, mail.Id), Encoding.UTF8.GetBytes(mail.Content.Text), "text/plain; charset=utf-8", cancellationToken);
                }

                await tables.WriteAsync(Tables.Mails, [.. rows.Select(row => TableWrite.Upsert(row.Row))], cancellationToken);
            }
        }
    }

    /// <summary>Null when there is no such mail.</summary>
    public async Task<StoredMail?> GetAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!IsId(id) || await tables.GetAsync(Tables.Mails, MailRows.Partition(tenant, MailRows.Day(Keys.TimeOf(id))), MailRows.Key(id), cancellationToken: cancellationToken) is not { } row)
        {
            return null;
        }

        var mail = MailRows.Read(row);
        return row.Flag("HasBlob") && await blobs.GetAsync(Container, MailRows.BlobName(tenant, id), cancellationToken) is { } text
            ? mail with { Content = mail.Content with { Text = Encoding.UTF8.GetString(text.Content.Span) } }
            : mail;
    }

    /// <summary>Newest first, without texts.</summary>
    public async Task<(IReadOnlyList<StoredMail> Mails, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var (from, key) = next is null ? (null, null) : ParseNext(next);
        var days = await tables.QueryAsync(new TableQuery(Tables.Mails, MailRows.Days(tenant), From: from is null ? null : DayKey(from), Select: ["RowKey"], Limit: MaxDays), cancellationToken);
        var found = new List<StoredMail>();
        foreach (var day in days.Rows.Select(row => row.RowKey.Split('~')[1]))
        {
            var query = new TableQuery(Tables.Mails, MailRows.Partition(tenant, day), From: day == from ? key : null, Select: MailRows.ListColumns);
            do
            {
                var page = await tables.QueryAsync(query with { Limit = limit + 1 - found.Count }, cancellationToken);
                found.AddRange(page.Rows.Select(MailRows.Read));
                query = query with { Continuation = page.Continuation };
            }
            while (found.Count <= limit && query.Continuation is not null);
            if (found.Count > limit)
            {
                return (found[..limit], $"{day}~{MailRows.Key(found[limit].Id)}");
            }
        }

        return (found, null);
    }

    /// <summary>Newest first, back to a time, a page at a time as they are wanted.</summary>
    /// <param name="withText">With the beginning of their texts, as far as it stands in the row.</param>
    public async IAsyncEnumerable<StoredMail> NewestAsync(string tenant, DateTimeOffset from, bool withText, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = withText ? [.. MailRows.ListColumns, MailRows.Text] : MailRows.ListColumns;
        var days = await tables.QueryAsync(new TableQuery(Tables.Mails, MailRows.Days(tenant), Before: DayKey(MailRows.Day(from)) + "~", Select: ["RowKey"], Limit: MaxDays), cancellationToken);
        foreach (var day in days.Rows.Select(row => row.RowKey.Split('~')[1]))
        {
            await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Mails, MailRows.Partition(tenant, day), Select: columns), cancellationToken))
            {
                if (MailRows.Read(row) is var mail && mail.ReceivedAt >= from)
                {
                    yield return mail;
                }
            }
        }
    }

    public static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower) && id[0] == '0';

    /// <summary>Sees to it that the day is listed, and forgotten in time.</summary>
    async Task AnnounceAsync(string tenant, string day, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_days.Get($"{tenant}~{day}", now) is null)
        {
            await due.AddAsync([MailRetention.Of(tenant, day)], now, cancellationToken);
            await tables.WriteAsync(Tables.Mails, TableWrite.Upsert(new TableRow(MailRows.Days(tenant), DayKey(day)) { ["V"] = 1 }), cancellationToken);
            _days.Set($"{tenant}~{day}", day, now);
        }
    }

    internal static string DayKey(string day) => Keys.NewestFirst(MailRetention.Begin(day), day);

    static (string Day, string Key) ParseNext(string next)
    {
        var parts = next.Split('~');
        return parts.Length == 3 && DateTime.TryParseExact(parts[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && parts[1].Length == 15 && parts[1].All(char.IsAsciiDigit) && IsId(parts[2])
            ? (parts[0], $"{parts[1]}~{parts[2]}")
            : throw new InvalidRequestException("next must be as the page before gave it.");
    }
}
