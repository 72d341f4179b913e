using System.Text;

namespace Watchdesk.Tests.Mail;

/// <summary>One oddity: the bytes of a mail, and what must be read from it. Null is "not looked at".</summary>
/// <param name="Files">Names, types and sizes of the attachments, as <c>name|type|bytes</c>.</param>
public sealed record MimeCase(string Name, byte[] Bytes, string? Subject = null, string? Text = null, string? Files = null, string? From = null, string? MessageId = null, string? SentAt = null)
{
    public const string Top = "From: Cron <cron@db1.example.org>\r\nTo: mse@example.org\r\n";

    static MimeCase() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Characters above U+00FF do not occur: each character is one byte.</summary>
    public static byte[] Raw(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A mail with this subject line, raw.</summary>
    public static byte[] WithSubject(string raw) => Raw($"{Top}Subject: {raw}\r\n\r\nx\r\n");

    /// <summary>A mail with these header lines and this body, raw.</summary>
    public static byte[] With(string headers, string body) => Raw($"{Top}Subject: s\r\n{headers}\r\n\r\n{body}");

    public static byte[] With(string headers, byte[] body) => [.. Raw($"{Top}Subject: s\r\n{headers}\r\n\r\n"), .. body];

    /// <summary>A multipart with the boundary b.</summary>
    public static byte[] Parts(string kind, params string[] parts) =>
        With($"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=b", string.Concat(parts.Select(part => $"--b\r\n{part}\r\n")) + "--b--\r\n");

    public override string ToString() => Name;

    public static Encoding Charset(string name) => Encoding.GetEncoding(name);

    public static string Base64(byte[] bytes) => Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks);

    public static string Quoted(byte[] bytes) => string.Concat(bytes.Select(b => b is >= 33 and <= 126 and not (byte)'=' and not (byte)'?' and not (byte)'_' ? ((char)b).ToString() : $"={b:X2}"));
}
