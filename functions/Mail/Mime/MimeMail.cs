using System.Runtime.InteropServices;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Watchdesk.Hosting;

namespace Watchdesk.Mail.Mime;

/// <summary>A mail in MIME, of anybody, as text within our bounds.</summary>
static class MimeMail
{
    static readonly string[] DeliveryHeaders = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];

    static readonly ParserOptions Options = new() { MaxMimeDepth = MailBounds.Depth, AllowAddressesWithoutDomain = true, AllowUnquotedCommasInAddresses = true };

    static MimeMail() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="InvalidRequestException">It has no header that could be read.</exception>
    public static MailContent Read(ReadOnlyMemory<byte> bytes)
    {
        var body = MailLines.Bounded(bytes, out var isCut);
        var builder = new ContentBuilder { IsCut = isCut };
        try
        {
            using var message = new MimeParser(Options, StreamOf(body), MimeFormat.Entity, persistent: true).ParseMessage();
            ReadHeaders(message, builder);
            builder.Text = new MimeText(builder).Of(message);
        }
        catch (FormatException)
        {
            throw new InvalidRequestException("The body is no mail: its header lines cannot be read.");
        }

        return builder.Build();
    }

    static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    static void ReadHeaders(MimeMessage message, ContentBuilder builder)
    {
        builder.From = MailText.Line(AddressOf(message)).ToLowerInvariant();
        builder.Subject = MailText.Line(message.Subject ?? "");
        builder.MessageId = message.MessageId ?? message.Headers[HeaderId.MessageId]?.Trim('<', '>', ' ', '\t');
        builder.SentAt = DateUtils.TryParse(message.Headers[HeaderId.Date] ?? "", out var date) && date.Year is > 1970 and < 9000 ? date.ToUniversalTime() : null;
        foreach (var address in message.To.Concat(message.Cc).Concat(message.ResentTo).OfType<MailboxAddress>().Take(MailBounds.Addresses))
        {
            builder.AddAddress(address.Address);
        }

        foreach (var address in DeliveryHeaders.Select(name => message.Headers[name]).OfType<string>())
        {
            builder.AddAddress(address.Trim('<', '>', ' '));
        }

        foreach (var header in message.Headers.Take(MailBounds.Headers + 1))
        {
            builder.AddHeader(header.Field, header.Value ?? "");
        }
    }

    /// <summary>The address, or the whole header when it holds none.</summary>
    static string AddressOf(MimeMessage message) =>
        message.From.Mailboxes.Select(mailbox => mailbox.Address).FirstOrDefault(address => address.Length > 0)
        ?? message.Sender?.Address
        ?? message.Headers[HeaderId.From]
        ?? "";
}
