using System.Globalization;
using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Slack;
using Watchdesk.Notices.Teams;
using Watchdesk.Notices.Webhook;

namespace Watchdesk.Pages;

/// <summary>The forms of the settings page as requests of the API, and a channel's settings as one line.</summary>
static class ChannelForms
{
    static readonly char[] Separators = [',', ';', ' ', '\n', '\r', '\t'];

    /// <exception cref="InvalidRequestException">The kind is none, or a number is no number.</exception>
    public static ChannelRequest RequestOf(string kind, IFormCollection form)
    {
        var settings = kind switch
        {
            "webhook" => JsonSerializer.SerializeToElement(new WebhookSettings(Text("url"), Text("secret")), NoticesJson.Default.WebhookSettings),
            "teams" => JsonSerializer.SerializeToElement(new TeamsSettings(Text("url")), NoticesJson.Default.TeamsSettings),
            "slack" => JsonSerializer.SerializeToElement(new SlackSettings(Text("url"), Text("allowHost")), NoticesJson.Default.SlackSettings),
            "mail" => JsonSerializer.SerializeToElement(MailOf(), NoticesJson.Default.MailSettings),
            _ => throw new InvalidRequestException("Choose webhook, teams, slack or mail."),
        };
        return new ChannelRequest(kind, Text("name"), settings, Enum.TryParse<Level>(Text("level"), ignoreCase: true, out var level) ? level : Level.Warning, Digest: Text("digestAt") is { } at ? new DailyTime(at, Text("timeZone") ?? "UTC", Text("report")) : null);

        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

        MailSettings MailOf() => new(
            Text("host"),
            int.TryParse(Text("port") ?? "587", NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new InvalidRequestException("port must be a number."),
            Text("tls") is not null,
            Text("user"),
            Text("password"),
            Text("from"),
            Text("to")?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>Where it goes, from the settings as they may be shown.</summary>
    public static string Target(ChannelAnswer channel)
    {
        if (channel.Settings.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        return channel.Settings.TryGetProperty("to", out var to) && to.ValueKind == JsonValueKind.Array
            ? string.Join(", ", to.EnumerateArray().Select(address => address.GetString()))
            : channel.Settings.TryGetProperty("url", out var url) ? url.GetString() ?? "" : "";
    }
}
