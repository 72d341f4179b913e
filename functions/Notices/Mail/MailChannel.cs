using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Notices.Mail;

/// <summary>Sends mail over SMTP: text and HTML, one thread per incident.</summary>
public sealed class MailChannel(bool isEmbedded) : INoticeChannel
{
    const int MaxRecipients = 50;
    const int ImplicitTlsPort = 465;
    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public string Kind => "mail";

    /// <summary>The same server, for one recipient.</summary>
    public static string WithRecipient(string settings, string to) => JsonSerializer.Serialize(Read(settings) with { To = [to] }, NoticesJson.Default.MailSettings);

    public string Accept(JsonElement settings, string? stored)
    {
        var wanted = settings.Deserialize(NoticesJson.Default.MailSettings) ?? new MailSettings();
        var before = stored is { Length: > 0 } ? Read(stored) : null;

        // A stored password goes to the server it was entered for and to no other.
        var isSameServer = before is not null && before.Host == wanted.Host && before.Port == wanted.Port && before.User == wanted.User;
        wanted = wanted with { Password = Secrets.Keep(wanted.Password, isSameServer ? before!.Password : null) };
        Check(wanted);
        return JsonSerializer.Serialize(wanted, NoticesJson.Default.MailSettings);
    }

    public JsonElement Show(string settings)
    {
        var stored = Read(settings);
        return JsonSerializer.SerializeToElement(stored with { Password = stored.Password is null ? null : Secrets.Mask }, NoticesJson.Default.MailSettings);
    }

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var stored = Read(settings);
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(TimeLimit);
        try
        {
            await OutgoingAddress.ResolveAsync(stored.Host ?? "", isEmbedded, timeLimit.Token);
            using var mail = Write(stored, message);
            using var client = new SmtpClient(stored.Host, stored.Port) { EnableSsl = stored.StartTls, DeliveryFormat = SmtpDeliveryFormat.SevenBit };
            client.Credentials = stored.User is { Length: > 0 } user ? new NetworkCredential(user, stored.Password) : null;
            await client.SendMailAsync(mail, timeLimit.Token);
            return SendResult.Sent($"{stored.Host} took it for {stored.To!.Count} {(stored.To.Count == 1 ? "address" : "addresses")}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SendResult.Later($"{stored.Host} did not take the mail within {TimeLimit.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is SmtpException or SocketException or IOException or AuthenticationException)
        {
            return Explain(stored, e);
        }
    }

    static MailMessage Write(MailSettings settings, Message message)
    {
        var from = new MailAddress(settings.From!);
        var domain = from.Host;
        var mail = new MailMessage
        {
            From = from,
            Subject = OneLine(NoticeText.Subject(message.Notice)),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
            Body = MailText.Plain(message),
        };
        foreach (var address in settings.To!)
        {
            mail.To.Add(new MailAddress(address));
        }

        mail.Headers["Message-ID"] = $"<{message.Key}@{domain}>";
        mail.Headers["References"] = $"<{message.Thread}@{domain}>";
        mail.Headers["Auto-Submitted"] = "auto-generated";
        mail.Headers["X-Auto-Response-Suppress"] = "All";
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(MailText.Html(message), Encoding.UTF8, MediaTypeNames.Text.Html));
        return mail;
    }

    static SendResult Explain(MailSettings settings, Exception error) => error switch
    {
        OutgoingAddressException => SendResult.Never(error.Message + ".", isChannelBroken: true),
        SmtpFailedRecipientsException several => Refused(settings, several.StatusCode, $"{several.InnerExceptions.Length} of {settings.To!.Count} addresses"),
        SmtpFailedRecipientException one => Refused(settings, one.StatusCode, "an address"),
        SmtpException { InnerException: AuthenticationException } => SendResult.Later($"{settings.Host}: the TLS connection failed; check its certificate."),
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure } => SendResult.Later($"{settings.Host} cannot be reached on port {settings.Port}, or broke the connection."),
        SmtpException smtp => Refused(settings, smtp.StatusCode, "the mail"),
        _ => SendResult.Later($"{settings.Host} cannot be reached on port {settings.Port}."),
    };

    /// <summary>5xx is final, 4xx is worth another try (RFC 5321, 4.2.1).</summary>
    static SendResult Refused(MailSettings settings, SmtpStatusCode status, string what)
    {
        var reason = $"{settings.Host} refused {what} ({(int)status} {status}).";
        return (int)status >= 500 ? SendResult.Never(reason, isChannelBroken: true) : SendResult.Later(reason);
    }

    void Check(MailSettings settings)
    {
        var refusal = settings switch
        {
            { Host: not { Length: > 0 and <= 253 } } => "host is the name of an SMTP server.",
            _ when Uri.CheckHostName(settings.Host) == UriHostNameType.Unknown => "host is the name of an SMTP server.",
            { Port: ImplicitTlsPort } => "port 465 cannot be used; most servers take STARTTLS on 587.",
            { Port: < 1 or > 65535 } => "port is a number from 1 to 65535.",
            { From: not { Length: > 0 } } => "from is one address.",
            { To: not { Count: > 0 and <= MaxRecipients } } => $"to is a list of 1 to {MaxRecipients} addresses.",
            { User.Length: > 256 } or { Password.Length: > 1024 } => "user has at most 256 and password at most 1024 characters.",
            { StartTls: false, User.Length: > 0 } when !(isEmbedded && IsLoopback(settings.Host)) => "a password is only sent over TLS: set startTls.",
            _ when !isEmbedded && IPAddress.TryParse(settings.Host, out var address) && !OutgoingAddress.IsPublic(address) => OutgoingAddress.Refusal + ".",
            _ => settings.To.Prepend(settings.From).FirstOrDefault(text => !IsAddress(text)) is { } wrong ? $"'{OneLine(wrong)}' is not one mail address." : null,
        };
        if (refusal is not null)
        {
            throw new InvalidRequestException(char.ToUpperInvariant(refusal[0]) + refusal[1..]);
        }
    }

    static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    internal static bool IsAddress(string? text) =>
        text is { Length: > 0 and <= 320 } && !text.AsSpan().ContainsAny('\r', '\n', ',') && MailAddress.TryCreate(text, out _);

    static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    static MailSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.MailSettings) ?? new MailSettings();
}
