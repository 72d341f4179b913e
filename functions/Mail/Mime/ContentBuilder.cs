using System.Text;

namespace Watchdesk.Mail.Mime;

/// <summary>Collects what a mail says and keeps it within <see cref="MailBounds"/>.</summary>
sealed class ContentBuilder
{
    readonly List<string> _to = [];
    readonly List<MailHeader> _headers = [];
    readonly List<MailAttachment> _attachments = [];
    int _headerBytes;

    public string From { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Text { get; set; } = "";

    public DateTimeOffset? SentAt { get; set; }

    public string? MessageId { get; set; }

    public bool IsCut { get; set; }

    public void AddAddress(string address)
    {
        var clean = MailText.Line(address);
        if (clean.Length is 0 or > MailBounds.Address || _to.Count == MailBounds.Addresses)
        {
            IsCut |= clean.Length > 0;
        }
        else if (!_to.Contains(clean, StringComparer.Ordinal))
        {
            _to.Add(clean);
        }
    }

    public void AddHeader(string name, string value)
    {
        var header = new MailHeader(MailText.Shorten(MailText.Line(name), MailBounds.HeaderName), MailText.Shorten(MailText.Line(value), MailBounds.HeaderValue));
        var bytes = Encoding.UTF8.GetByteCount(header.Name) + Encoding.UTF8.GetByteCount(header.Value);
        if (_headers.Count == MailBounds.Headers || _headerBytes + bytes > MailBounds.HeaderBytes)
        {
            IsCut = true;
            return;
        }

        _headerBytes += bytes;
        _headers.Add(header);
    }

    public void AddAttachment(string name, string type, long bytes)
    {
        if (_attachments.Count == MailBounds.Attachments)
        {
            IsCut = true;
            return;
        }

        _attachments.Add(new MailAttachment(
            MailText.Shorten(MailText.Line(name), MailBounds.AttachmentName), MailText.Shorten(MailText.Line(type), MailBounds.AttachmentName), bytes));
    }

    public MailContent Build()
    {
        var text = MailText.Bounded(MailText.Clean(Text), MailBounds.TextBytes, out var isCut);
        return new MailContent(
            MailText.Shorten(From, MailBounds.Address),
            _to,
            MailText.Shorten(Subject, MailBounds.Subject),
            text,
            SentAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()) : null,
            MessageId is { Length: > 0 } id ? MailText.Shorten(MailText.Line(id), MailBounds.MessageId) : null,
            _headers,
            _attachments,
            IsCut || isCut);
    }
}
