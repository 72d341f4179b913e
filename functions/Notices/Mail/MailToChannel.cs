using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Notices.Mail;

/// <param name="To">One address.</param>
public sealed record MailToSettings(string? To = null);

/// <summary>Mail to one address, of a rule or of a person, through the server of the tenant's first mail channel, as it is set when the mail is sent.</summary>
public sealed class MailToChannel(ChannelStore channels, MailChannel mail, string kind = "gmail") : INoticeChannel
{
    public const string NoServer = "This tenant has no mail channel: add one at /settings (channels), its server sends the mail of rules and people.";

    public string Kind => kind;

    /// <summary>The channel whose server sends the mail; null for none.</summary>
    public static Channel? ServerOf(IReadOnlyList<Channel> channels) => channels.FirstOrDefault(channel => channel is { Kind: "mail", IsEnabled: true, Settings.Length: > 0 });

    public string Accept(JsonElement settings, string? stored)
    {
        var to = settings.Deserialize(NoticesJson.Default.MailToSettings)?.To?.Trim() ?? "";
        // The seed writes only what stands before the @.
        var address = to.Contains('@', StringComparison.Ordinal) ? to : to + "@gmail.com";
        return to.Length > 0 && MailChannel.IsAddress(address)
            ? JsonSerializer.Serialize(new MailToSettings(address), NoticesJson.Default.MailToSettings)
            : throw new InvalidRequestException("The value of gmail is one mail address.");
    }

    public JsonElement Show(string settings) => JsonSerializer.SerializeToElement(Read(settings), NoticesJson.Default.MailToSettings);

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var server = ServerOf(await channels.ListAsync(message.Notice.Tenant, cancellationToken));
        return server is null
            ? new SendResult(false, NoServer, IsWorthRetrying: true, IsChannelBroken: true)
            : await mail.SendAsync(MailChannel.WithRecipient(server.Settings, Read(settings).To!), message, cancellationToken);
    }

    static MailToSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.MailToSettings) ?? new MailToSettings();
}
