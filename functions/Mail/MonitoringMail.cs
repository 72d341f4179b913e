using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Mail;

/// <summary>A mail as it was accepted; what travels in the queue and stands in the event log.</summary>
/// <param name="Id">Holds the time of receipt, see <see cref="Clients.Keys.TimeOf"/>.</param>
/// <param name="Job">Id of the job that it is a ping of; null for none.</param>
public sealed record MonitoringMail(string Id, MailContent Content, string? Job = null)
{
    [JsonIgnore]
    public DateTimeOffset ReceivedAt => Clients.Keys.TimeOf(Id);

    /// <summary>Time of receipt in Unix milliseconds, as every item of the inbox has it.</summary>
    [JsonPropertyName("r")]
    public long Received => ReceivedAt.ToUnixTimeMilliseconds();

    /// <exception cref="FormatException">Not such an item.</exception>
    public static MonitoringMail Read(JsonElement item)
    {
        try
        {
            var mail = item.Deserialize(MailJson.Compact.MonitoringMail);
            return mail is { Id: { } id, Content: { } content } && MailStore.IsId(id) && (mail.Job is not { } job || MailStore.IsId(job)) && content.IsWithinBounds
                ? mail
                : throw new FormatException("An item of the message is not a mail within its bounds.");
        }
        catch (JsonException problem)
        {
            throw new FormatException("An item of the message is not a mail.", problem);
        }
    }
}

/// <summary>What a mail says, as text and bounded by <see cref="MailBounds"/>.</summary>
/// <param name="From">Address of the sender in lower case; empty when it has none.</param>
/// <param name="To">All addresses that it was sent or delivered to.</param>
/// <param name="Text">The plain text, or that of the HTML when there is no other.</param>
/// <param name="SentAt">As its header says; null when it does not or not in a form that can be read.</param>
/// <param name="MessageId">Without its angle brackets; null when it has none.</param>
/// <param name="Headers">Decoded, in their order.</param>
/// <param name="Attachments">Named, not kept.</param>
/// <param name="IsCut">Text or headers are longer than what is kept, or it had too many parts.</param>
public sealed record MailContent(
    string From,
    IReadOnlyList<string> To,
    string Subject,
    string Text,
    DateTimeOffset? SentAt,
    string? MessageId,
    IReadOnlyList<MailHeader> Headers,
    IReadOnlyList<MailAttachment> Attachments,
    bool IsCut)
{
    /// <summary>Also false when a member is missing, as one may be in a message that we did not write.</summary>
    [JsonIgnore]
    public bool IsWithinBounds =>
        From is { Length: <= MailBounds.Address } && Subject is { Length: <= MailBounds.Subject } && Text is { Length: <= MailBounds.TextBytes } && MessageId is not { Length: > MailBounds.MessageId }
        && To is { Count: <= MailBounds.Addresses } && To.All(address => address is { Length: <= MailBounds.Address })
        && Headers is { Count: <= MailBounds.Headers } && Headers.All(header => header is { Name.Length: <= MailBounds.HeaderName, Value.Length: <= MailBounds.HeaderValue })
        && Headers.Sum(header => (long)header.Name.Length + header.Value.Length) <= MailBounds.HeaderBytes
        && Attachments is { Count: <= MailBounds.Attachments } && Attachments.All(file => file is { Name.Length: <= MailBounds.AttachmentName, Type.Length: <= MailBounds.AttachmentName });
}

public sealed record MailHeader(string Name, string Value);

/// <param name="Type">Media type, for example <c>application/pdf</c>.</param>
/// <param name="Bytes">Size when decoded.</param>
public sealed record MailAttachment(string Name, string Type, long Bytes);

/// <summary>How much of a mail is read and kept.</summary>
public static class MailBounds
{
    public const int MessageBytes = 10 * 1024 * 1024;

    /// <summary>Of the text, in UTF-8.</summary>
    public const int TextBytes = 256 * 1024;

    /// <summary>Of all headers together, in UTF-8.</summary>
    public const int HeaderBytes = 24 * 1024;

    public const int Subject = 1000;
    public const int Address = 320;
    public const int Addresses = 20;
    public const int Headers = 200;
    public const int HeaderName = 100;
    public const int HeaderValue = 4000;
    public const int MessageId = 500;
    public const int Attachments = 50;
    public const int AttachmentName = 200;

    /// <summary>Parts of a multipart that are looked at.</summary>
    public const int Parts = 500;

    /// <summary>Parts within parts.</summary>
    public const int Depth = 20;
}
