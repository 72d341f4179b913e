using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Notices.Webhook;

/// <summary>
/// Posts JSON of a stable shape, signed when the channel has a secret: <c>X-Watchdesk-Signature: t={unix seconds},v1={hex HMAC-SHA256 of "t.body"}</c>.
/// </summary>
public sealed class WebhookChannel(OutgoingHttp http) : INoticeChannel
{
    public const string SignatureHeader = "X-Watchdesk-Signature";
    const string HiddenQuery = "?…";

    public string Kind => "webhook";

    public string Accept(JsonElement settings, string? stored)
    {
        var wanted = settings.Deserialize(NoticesJson.Default.WebhookSettings) ?? new WebhookSettings();
        var before = stored is { Length: > 0 } ? Read(stored) : null;
        var url = Secrets.KeepUrl(wanted.Url, before?.Url, HiddenQuery);
        var secret = Secrets.Keep(wanted.Secret, before?.Secret);
        if (secret is { Length: < 16 or > 256 })
        {
            throw new InvalidRequestException("The secret of a webhook has 16 to 256 characters.");
        }

        return JsonSerializer.Serialize(new WebhookSettings(http.Check(url).AbsoluteUri, secret), NoticesJson.Default.WebhookSettings);
    }

    /// <summary>Without the query, which often is a password.</summary>
    public JsonElement Show(string settings)
    {
        var stored = Read(settings);
        var url = Uri.TryCreate(stored.Url, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Path) + (uri.Query.Length > 0 ? HiddenQuery : "") : "";
        return JsonSerializer.SerializeToElement(new WebhookSettings(url, stored.Secret is null ? null : Secrets.Mask), NoticesJson.Default.WebhookSettings);
    }

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (url, secret) = Read(settings);
        var body = JsonSerializer.SerializeToUtf8Bytes(WebhookBody.From(message), NoticesJson.Default.WebhookBody);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var headers = new List<(string, string)> { ("Idempotency-Key", message.Key), ("User-Agent", "Watchdesk") };
        if (secret is not null)
        {
            headers.Add((SignatureHeader, Sign(body, secret, message.Now)));
        }

        var answer = await http.PostAsync(http.Check(url), content, headers, cancellationToken);
        return answer.ToResult(message.Now);
    }

    static string Sign(byte[] body, string secret, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] text = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text);
        return $"t={time},v1={Convert.ToHexStringLower(signed)}";
    }

    static WebhookSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.WebhookSettings) ?? new WebhookSettings();
}
