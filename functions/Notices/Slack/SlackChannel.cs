using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Notices.Slack;

/// <summary>Posts to a Slack channel through its incoming webhook.</summary>
public sealed class SlackChannel(OutgoingHttp http) : INoticeChannel
{
    public const string SlackHost = "hooks.slack.com";
    const int MaxWord = 64;
    static readonly SearchValues<char> WordCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public string Kind => "slack";

    public string Accept(JsonElement settings, string? stored)
    {
        var wanted = settings.Deserialize(NoticesJson.Default.SlackSettings) ?? new SlackSettings();
        var before = stored is { Length: > 0 } ? Read(stored) : null;
        var kept = wanted with { Url = Secrets.KeepUrl(wanted.Url, before?.Url) };
        return JsonSerializer.Serialize(kept with { Url = Check(kept).AbsoluteUri }, NoticesJson.Default.SlackSettings);
    }

    /// <summary>The host only: who has the address can post.</summary>
    public JsonElement Show(string settings)
    {
        var stored = Read(settings);
        var url = Uri.TryCreate(stored.Url, UriKind.Absolute, out var uri) ? $"{uri.GetLeftPart(UriPartial.Authority)}/{Secrets.Mask}" : "";
        return JsonSerializer.SerializeToElement(stored with { Url = url }, NoticesJson.Default.SlackSettings);
    }

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var content = new ByteArrayContent(SlackText.Write(message))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
        var answer = await http.PostAsync(Check(Read(settings)), content, [("User-Agent", "Watchdesk")], cancellationToken);
        return Explain(answer, message.Now);
    }

    Uri Check(SlackSettings settings)
    {
        var uri = http.Check(settings.Url);
        return uri.Host == SlackHost || uri.Host.Equals(settings.AllowHost, StringComparison.OrdinalIgnoreCase)
            ? uri
            : throw new InvalidRequestException($"The url of a Slack webhook begins with https://{SlackHost}/. An admin can name another host in allowHost.");
    }

    /// <summary>A 4xx is about this webhook or about what it takes: somebody has to look. Slack says which in one word.</summary>
    static SendResult Explain(OutgoingAnswer answer, DateTimeOffset now)
    {
        var result = answer.ToResult(now);
        if (result.IsSent || result.IsWorthRetrying || answer.Status is not >= 400)
        {
            return result;
        }

        var word = answer.Body.Trim() is { Length: > 0 and <= MaxWord } said && !said.AsSpan().ContainsAnyExcept(WordCharacters) ? said : "";
        return SendResult.Never($"Slack answered {answer.Status}{(word.Length > 0 ? $" ({word})" : "")}: {Meaning(word, answer.Status)}", isChannelBroken: true);
    }

    static string Meaning(string word, int? status) => (word, status) switch
    {
        ("invalid_payload" or "no_text" or "invalid_blocks" or "too_many_attachments", _) => "it did not take the form of this message.",
        ("channel_is_archived", _) => "the Slack channel is archived.",
        ("channel_not_found", _) => "the Slack channel does not exist any more.",
        ("action_prohibited" or "posting_to_general_channel_denied", _) => "an admin of the Slack workspace does not allow it.",
        (_, 401 or 403) => "it does not accept us. Enter the address of another webhook.",
        ("no_service" or "no_service_id" or "no_team" or "invalid_token", _) or (_, 404 or 410) => "this webhook does not exist any more. Enter the address of another.",
        _ => "it refused this message.",
    };

    static SlackSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.SlackSettings) ?? new SlackSettings();
}
