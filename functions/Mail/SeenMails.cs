using Watchdesk.Clients;

namespace Watchdesk.Mail;

/// <summary>
/// The table seen: PK <c>{tenant}~{first 2 hex}</c>, RK SHA-256 of a Message-ID → the mail that came with it first. Insert-only, so
/// a copy is known whoever brings it, and the first mail is known again when its message is delivered again.
/// </summary>
public sealed class SeenMails(ITables tables)
{
    const int AtOnce = 16;

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

        var hash = Keys.Hash(messageId);
        var row = new TableRow(Partition(tenant, hash), hash) { ["V"] = 1, ["Mail"] = mail.Id };
        return (await tables.WriteAsync(Tables.Seen, TableWrite.Insert(row), cancellationToken)).IsDone
            ? mail.Id
            : await FindAsync(tenant, messageId, cancellationToken) ?? "";
    }

    static string Partition(string tenant, string hash) => $"{tenant}~{hash[..2]}";
}
