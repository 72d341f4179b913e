using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Clients;

/// <summary>A message, or one item of it in a message of its own, that could not be used.</summary>
/// <param name="Kind">Of the envelope, when it could be read; else empty.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Body">What is sent to the queue again by a replay.</param>
/// <param name="At">When it was received: the same letter added twice is one.</param>
public sealed record DeadLetter(string Tenant, string Queue, string Kind, string Reason, string RequestId, ReadOnlyMemory<byte> Body, DateTimeOffset At, int Deliveries);

/// <summary>A dead letter as it is listed, without its body.</summary>
/// <param name="Bytes">Size of the body.</param>
/// <param name="IsCut">The body was over the bound and only its beginning is kept; it cannot be replayed.</param>
public sealed record DeadLetterEntry(string Id, string Queue, string Kind, string Reason, string RequestId, DateTimeOffset At, int Deliveries, int Bytes, bool IsCut);

/// <summary>What was set aside, in the table <c>deadletters</c>: tenant | newest first, the body in pieces of 60 KiB in its row.</summary>
public sealed class DeadLetters(ITables tables, IMessageSender sender, TimeProvider clock, NoteExpiry noteExpiry) : IExpiring
{
    const char Piece = 'B';
    const int MaxReasonLength = 1000;

    public static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    static readonly string[] WithoutBody = ["RowKey", "Queue", "Kind", "Reason", "RequestId", "At", "Deliveries", "Bytes", "IsCut"];

    public string Kind => "letter";

    /// <summary>Sets a whole message aside. A message that comes again may stand here twice: what is in it has ids of its own.</summary>
    public Task AddAsync(string tenant, string queue, QueueMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (kind, requestId) = Origin(message.Body);
        var letter = new DeadLetter(tenant, queue, kind, reason, requestId, Encoding.UTF8.GetBytes(message.Body), clock.GetUtcNow(), message.DeliveryCount);
        return AddAsync(letter, cancellationToken);
    }

    /// <summary>When it returns, the letter is stored.</summary>
    public async Task AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var body = letter.Body.Length <= Pieces.MaxBytes ? letter.Body : letter.Body[..Pieces.MaxBytes];
        var row = new TableRow(letter.Tenant, Keys.NewestFirst(letter.At, IdOf(letter)))
        {
            ["V"] = 1,
            ["Queue"] = letter.Queue,
            ["Kind"] = letter.Kind,
            ["Reason"] = letter.Reason.Length <= MaxReasonLength ? letter.Reason : letter.Reason[..MaxReasonLength],
            ["RequestId"] = letter.RequestId,
            ["At"] = letter.At,
            ["Deliveries"] = letter.Deliveries,
            ["Bytes"] = letter.Body.Length,
            ["IsCut"] = body.Length < letter.Body.Length,
        };
        Pieces.Set(row, Piece, body.Span);
        await noteExpiry(letter.Tenant, $"{Kind}~{row.RowKey}", letter.At + Keep, cancellationToken);
        await tables.WriteAsync(Tables.DeadLetters, TableWrite.Upsert(row), cancellationToken);
    }

    public async Task<(IReadOnlyList<DeadLetterEntry> Letters, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.DeadLetters, tenant, Select: WithoutBody, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(ToEntry)], page.Continuation);
    }

    /// <summary>Null when there is no such letter.</summary>
    public async Task<(DeadLetterEntry Letter, byte[] Body)?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await FindAsync(tenant, id, cancellationToken) is { } row ? (ToEntry(row), BodyOf(row)) : null;

    /// <summary>Sends the body to its queue again, then deletes the letter. A crash between sends it once more with the same message id.</summary>
    /// <returns>False when there is no such letter or only its beginning is kept.</returns>
    public async Task<bool> ReplayAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, id, cancellationToken) is not { } row || row.Flag("IsCut"))
        {
            return false;
        }

        await sender.SendAsync(row.Text("Queue")!, BodyOf(row), id[(id.IndexOf('~') + 1)..], cancellationToken);
        await tables.WriteAsync(Tables.DeadLetters, TableWrite.Delete(tenant, id), cancellationToken);
        return true;
    }

    /// <summary>False when there is no such letter.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsId(id) && (await tables.WriteAsync(Tables.DeadLetters, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;

    Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) => DeleteAsync(tenant, id, cancellationToken);

    async Task<TableRow?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsId(id) ? await tables.GetAsync(Tables.DeadLetters, tenant, id, cancellationToken: cancellationToken) : null;

    static bool IsId(string id) => id.Length is > 16 and <= 64 && id[15] == '~' && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '~');

    static string IdOf(DeadLetter letter)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{letter.Queue}\n{letter.RequestId}\n{letter.Reason}\n"));
        hash.AppendData(letter.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>Kind and request id where the body is an envelope that we wrote; else empty and the id of this call.</summary>
    static (string Kind, string RequestId) Origin(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var envelope = Envelope.Read(json.RootElement);
            return (envelope.Kind, envelope.RequestId);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return ("", RequestId.Current ?? "");
        }
    }

    static byte[] BodyOf(TableRow row) => Pieces.Get(row, Piece);

    static DeadLetterEntry ToEntry(TableRow row) => new(
        row.RowKey,
        row.Text("Queue") ?? "",
        row.Text("Kind") ?? "",
        row.Text("Reason") ?? "",
        row.Text("RequestId") ?? "",
        row.Time("At") ?? default,
        (int)row.Number("Deliveries"),
        (int)row.Number("Bytes"),
        row.Flag("IsCut"));
}
