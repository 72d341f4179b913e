namespace Watchdesk.Notices.Mail;

/// <param name="Host">SMTP server.</param>
/// <param name="Port">25, 587 or what the server has; 465 (TLS from the first byte) cannot be used.</param>
/// <param name="StartTls">Default true; a password is only ever sent when it is on.</param>
/// <param name="Password">Write-only.</param>
/// <param name="From">One address, with or without a name.</param>
/// <param name="To">1 to 50 addresses.</param>
public sealed record MailSettings(
    string? Host = null,
    int Port = 587,
    bool StartTls = true,
    string? User = null,
    string? Password = null,
    string? From = null,
    IReadOnlyList<string>? To = null);
