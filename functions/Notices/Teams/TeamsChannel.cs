using System.Net.Http.Headers;
using System.Text.Json;

namespace Watchdesk.Notices.Teams;

/// <summary>Posts an adaptive card to a Teams channel or chat through its Workflows webhook.</summary>
public sealed class TeamsChannel(OutgoingHttp http) : INoticeChannel
{
    public string Kind => "teams";

    public string Accept(JsonElement settings, string? stored)
    {
        var wanted = settings.Deserialize(NoticesJson.Default.TeamsSettings) ?? new TeamsSettings();
        var before = stored is { Length: > 0 } ? Read(stored) : null;
        var url = Secrets.KeepUrl(wanted.Url, before?.Url);
        return JsonSerializer.Serialize(new TeamsSettings(http.Check(url).AbsoluteUri), NoticesJson.Default.TeamsSettings);
    }

    /// <summary>The host only: who has the address can post.</summary>
    public JsonElement Show(string settings)
    {
        var url = Uri.TryCreate(Read(settings).Url, UriKind.Absolute, out var uri) ? $"{uri.GetLeftPart(UriPartial.Authority)}/{Secrets.Mask}" : "";
        return JsonSerializer.SerializeToElement(new TeamsSettings(url), NoticesJson.Default.TeamsSettings);
    }

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var content = new ByteArrayContent(TeamsCard.Write(message)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var answer = await http.PostAsync(http.Check(Read(settings).Url), content, [("Idempotency-Key", message.Key), ("User-Agent", "Watchdesk")], cancellationToken);
        return answer.ToResult(message.Now);
    }

    static TeamsSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.TeamsSettings) ?? new TeamsSettings();
}
