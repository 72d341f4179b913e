using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Notices.Push;

/// <summary>One browser, as it has subscribed.</summary>
/// <param name="Endpoint">Its address at its push service; who has it can send there only with our key, yet it is shown nowhere.</param>
/// <param name="P256dh">Its public key, base64url.</param>
/// <param name="Auth">Its secret, base64url.</param>
/// <param name="Name">What its owner calls it.</param>
sealed record PushSettings(string? Endpoint = null, string? P256dh = null, string? Auth = null, string? Name = null, DateTimeOffset? At = null)
{
    public override string ToString() => Name ?? "";
}

sealed record PushPayload(string Title, string Body, string Url, string Tag);

/// <summary>A notice to one browser of one person, which shows it also when no page of the desk is open.</summary>
sealed class PushChannel(OutgoingHttp http, VapidKeys keys, DeskOptions options) : INoticeChannel
{
    public const string KindName = "push";
    const int MaxName = 100;
    const int MaxTitle = 120;
    const int MaxBody = 600;

    public string Kind => KindName;

    public string Accept(JsonElement settings, string? stored)
    {
        var given = settings.Deserialize(NoticesJson.Default.PushSettings) ?? new PushSettings();
        var endpoint = http.Check(given.Endpoint);
        var name = given.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"name is what you call this browser, 1 to {MaxName} characters without control characters.");
        }

        var (key, auth) = (Bytes(given.P256dh), Bytes(given.Auth));
        if (!IsPoint(key) || auth.Length != PushEncryption.AuthLength)
        {
            throw new InvalidRequestException("p256dh and auth are the keys that the browser's subscription names, in base64url.");
        }

        return JsonSerializer.Serialize(given with { Endpoint = endpoint.AbsoluteUri, Name = name }, NoticesJson.Default.PushSettings);
    }

    public JsonElement Show(string settings) => JsonSerializer.SerializeToElement(Read(settings) with { Endpoint = null, P256dh = null, Auth = null }, NoticesJson.Default.PushSettings);

    public async Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var browser = Read(settings);
        var endpoint = http.Check(browser.Endpoint);
        var payload = JsonSerializer.SerializeToUtf8Bytes(PayloadOf(message), NoticesJson.Compact.PushPayload);
        using var content = new ByteArrayContent(PushEncryption.Encrypt(payload, Bytes(browser.P256dh), Bytes(browser.Auth)));
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.ContentEncoding.Add("aes128gcm");
        var contact = options.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? options.PublicUrl : "mailto:admin@localhost";
        var answer = await http.PostAsync(
            endpoint,
            content,
            [
                ("TTL", "86400"),
                ("Urgency", message.Notice.Level == Level.Critical ? "high" : "normal"),
                ("Topic", Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(message.Thread)).AsSpan(0, 24))),
                ("Authorization", (await keys.GetAsync(cancellationToken)).Authorization(endpoint, contact, message.Now)),
            ],
            cancellationToken);
        return answer.Status is 404 or 410
            ? SendResult.Never("This browser has ended its subscription, so it is told no more.") with { IsGone = true }
            : answer.ToResult(message.Now);
    }

    public static PushSettings Read(string settings) => JsonSerializer.Deserialize(settings, NoticesJson.Default.PushSettings) ?? new PushSettings();

    /// <summary>Of one incident the newest stands in the place of the last.</summary>
    static PushPayload PayloadOf(Message message)
    {
        var notice = message.Notice;
        var title = notice.Kind == NoticeKind.Assigned ? $"Yours now: {notice.Name}" : $"{NoticeText.Word(notice)} {notice.Name}";
        return new PushPayload(NoticeText.Shorten(title, MaxTitle), NoticeText.Shorten(notice.Reason, MaxBody), notice.Path, message.Thread);
    }

    static byte[] Bytes(string? base64Url) => base64Url is { Length: <= 200 } && Base64Url.IsValid(base64Url) ? Base64Url.DecodeFromChars(base64Url) : [];

    static bool IsPoint(byte[] bytes)
    {
        try
        {
            P256.Parameters(bytes);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
