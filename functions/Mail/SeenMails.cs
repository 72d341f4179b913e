using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>
/// The table seen: PK <c>{tenant}~{first 2 hex}</c>, RK SHA-256 of a Message-ID → the mail that came with it first. Insert-only, so
/// a copy is known whoever brings it, and the first mail is known again when its message is delivered again. A row goes with its mail;
/// one whose mail never became a row, since its message was set aside, goes when all mails of its month are over.
/// </summary>
public sealed class SeenMails(ITables tables, NoteExpiry expires, TimeProvider clock) : IExpiring
{
    const int AtOnce = 16;
    const int Partitions = 256;
    const int RowsAtOnce = 100;

    /// <summary>Until the mails of the last day of a month are gone, see <see cref="MailRetention"/>.</summary>
    static readonly TimeSpan Keep = MailRetention.Keep + TimeSpan.FromDays(1);

    readonly Remembered<string> _months = new(1000, TimeSpan.FromHours(1));

    public string Kind => "seen";

    /// <summary>The mail that has come with this Message-ID; null for none.</summary>
    public async Task<string?> FindAsync(string tenant, string messageId, CancellationToken cancellationToken) =>
        Keys.Hash(messageId) is var hash && await tables.GetAsync(Tables.Seen, Partition(tenant, hash), hash, cancellationToken: cancellationToken) is { } row ? row.Text("Mail") : null;

    /// <summary>Those that are the first of their Message-ID, or have none.</summary>
    public async Task<IReadOnlyList<MonitoringMail>> ClaimAsync(string tenant, IReadOnlyList<MonitoringMail> mails, CancellationToken cancellationToken)
    {
        var first = mails.Where(mail => mail.Content.MessageId is null).ToList();
        foreach (var chunk in mails.Where(mail => mail.Content.MessageId is not null).GroupBy(mail => mail.Content.MessageId, StringComparer.Ordinal).Chunk(AtOnce))
        {
            // Of copies that come together the oldest, whatever their order.
            var claimed = await Task.WhenAll(chunk.Select(copies => FirstAsync(tenant, copies.MinBy(mail => mail.Id, StringComparer.Ordinal)!, cancellationToken)));
            first.AddRange(chunk.SelectMany((copies, n) => copies.Where(mail => mail.Id == claimed[n])));
        }

        return first;
    }

    public Task ForgetAsync(string tenant, IReadOnlyList<string> hashes, CancellationToken cancellationToken) =>
        Task.WhenAll(hashes.Select(hash => tables.WriteAsync(Tables.Seen, TableWrite.Delete(Partition(tenant, hash), hash), cancellationToken)));

    /// <summary>Id of the mail that came first with its Message-ID, which is this one when none has. Only for what the inbox has accepted.</summary>
    public async Task<string> FirstAsync(string tenant, MonitoringMail mail, CancellationToken cancellationToken)
    {
        if (mail.Content.MessageId is not { } messageId)
        {
            return mail.Id;
        }

        await AnnounceAsync(tenant, mail.ReceivedAt, cancellationToken);
        var hash = Keys.Hash(messageId);
        var row = new TableRow(Partition(tenant, hash), hash) { ["V"] = 1, ["Mail"] = mail.Id };
        return (await tables.WriteAsync(Tables.Seen, TableWrite.Insert(row), cancellationToken)).IsDone
            ? mail.Id
            : await FindAsync(tenant, messageId, cancellationToken) ?? "";
    }

    /// <summary>What is left of a month. Nothing says which partitions have rows: all there can be are asked for, once.</summary>
    public async Task ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Partitions, limits, async (n, token) =>
        {
            var query = new TableQuery(Tables.Seen, Partition(tenant, n.ToString("x2", CultureInfo.InvariantCulture)), Limit: RowsAtOnce);
            do
            {
                var page = await tables.QueryAsync(query, token);
                TableWrite[] over = [.. page.Rows.Where(row => Keys.TimeOf(row.Text("Mail")!) < now - Keep).Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey))];
                if (over.Length > 0)
                {
                    await tables.WriteAsync(Tables.Seen, over, token);
                }

                query = query with { Continuation = page.Continuation };
            }
            while (query.Continuation is not null);
        });
    }

    async Task AnnounceAsync(string tenant, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var month = at.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture);
        if (_months.Get($"{tenant}~{month}", now) is null)
        {
            await expires(tenant, $"{Kind}~{month}", MailRetention.Begin(month + "01").AddMonths(1) + Keep, cancellationToken);
            _months.Set($"{tenant}~{month}", month, now);
        }
    }

    static string Partition(string tenant, string hash) => $"{tenant}~{hash[..2]}";
}
