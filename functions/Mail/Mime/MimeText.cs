using MimeKit;

namespace Watchdesk.Mail.Mime;

/// <summary>The text of a mail, out of all its parts; what is no text is named as an attachment.</summary>
sealed class MimeText(ContentBuilder builder)
{
    /// <summary>Enough to fill what is kept, whatever is cut from it later.</summary>
    const int EnoughText = 2 * MailBounds.TextBytes;

    /// <summary>Decoding costs the square of the length.</summary>
    const int MaxRawSubject = 64 * 1024;

    int _parts;
    int _length;

    public string Of(MimeMessage message) => message.Body is { } body ? Of(body, 0) : "";

    string Of(MimeEntity entity, int depth)
    {
        if (++_parts > MailBounds.Parts || depth > MailBounds.Depth)
        {
            builder.IsCut = true;
            return "";
        }

        switch (entity)
        {
            case Multipart alternative when alternative.ContentType.IsMimeType("multipart", "alternative"):
                return OfAlternative(alternative, depth);
            case Multipart parts:
                return string.Join("\n\n", parts.Select(part => Of(part, depth + 1)).Where(text => text.Length > 0));
            case MessagePart { Message: { } message }:
                var text = Of(message, depth + 1);
                return $"Subject: {SubjectOf(message)}\n{text}".TrimEnd();
            case MimePart part when IsText(part):
                return Decoded(part);
            case MimePart part:
                builder.AddAttachment(NameOf(part), part.ContentType.MimeType, SizeOf(part));
                return "";
            default:
                return "";
        }
    }

    /// <summary>The plain one when it says anything, else the last that does: senders put the richest last.</summary>
    string OfAlternative(Multipart alternative, int depth)
    {
        var texts = new List<(bool IsPlain, string Text)>();
        foreach (var part in alternative)
        {
            texts.Add((part.ContentType.IsMimeType("text", "plain"), Of(part, depth + 1)));
        }

        var plain = texts.Find(text => text.IsPlain && text.Text.Trim().Length > 0).Text;
        return plain ?? texts.FindLast(text => text.Text.Length > 0).Text ?? "";
    }

    static string SubjectOf(MimeMessage message) =>
        message.Headers.FirstOrDefault(header => header.Id == HeaderId.Subject) is { RawValue.Length: < MaxRawSubject } ? MailText.Line(message.Subject ?? "") : "";

    string Of(MimeMessage message, int depth) => message.Body is { } body ? Of(body, depth) : "";

    static bool IsText(MimePart part) =>
        !part.IsAttachment && part.FileName is null
        && (HasNoType(part) || (part is TextPart ? !part.ContentType.IsMimeType("text", "calendar") : part.ContentType.MediaType.Equals("message", StringComparison.OrdinalIgnoreCase)));

    /// <summary>A type that cannot be read is plain text (RFC 2045, 5.2).</summary>
    static bool HasNoType(MimePart part) => part.Headers[HeaderId.ContentType]?.Contains('/', StringComparison.Ordinal) == false;

    static string NameOf(MimePart part) => new[] { part.FileName, part.ContentType.Name }.FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? "(no name)";

    string Decoded(MimePart part)
    {
        if (_length > EnoughText)
        {
            builder.IsCut = true;
            return "";
        }

        var text = part is TextPart { Text: { } own } ? own : Utf8(part);
        text = part.ContentType.IsMimeType("text", "html") ? HtmlText.Of(text) : text;
        _length += text.Length;
        return text.Trim('\r', '\n');
    }

    static string Utf8(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return System.Text.Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }

    static long SizeOf(MimePart part)
    {
        using var counted = new CountingStream();
        part.Content?.DecodeTo(counted);
        return counted.Length;
    }
}
