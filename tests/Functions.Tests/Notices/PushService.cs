using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Tests.Notices;

/// <summary>
/// The other side of web push: a push service that looks who sends (RFC 8292), with the browser of RFC 8291's example behind it, which reads what comes.
/// </summary>
sealed class PushService : HttpMessageHandler
{
    public const string P256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    public const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    public const string Endpoint = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV";
    const string Private = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

    public HttpStatusCode Answer { get; set; } = HttpStatusCode.Created;

    public ConcurrentQueue<(string Text, JsonElement Claims, IReadOnlyDictionary<string, string> Headers)> Got { get; } = [];

    public static byte[] Bytes(string base64Url) => Base64Url.DecodeFromChars(base64Url);

    public static ECDiffieHellman Key(string secret, string point)
    {
        var q = Bytes(point);
        return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret), Q = new ECPoint { X = q[1..33], Y = q[33..] } });
    }

    public static string Decrypt(byte[] body)
    {
        var (salt, sender) = (body[..16], body[21..86]);
        BitConverter.ToString(body[16..21]).ShouldBe("00-00-10-00-41");
        using var own = Key(Private, P256dh);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var pseudo = HKDF.Extract(HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(other.PublicKey), Bytes(Auth));
        var shared = HKDF.Extract(HashAlgorithmName.SHA256, HKDF.Expand(HashAlgorithmName.SHA256, pseudo, 32, [.. "WebPush: info\0"u8, .. Bytes(P256dh), .. sender]), salt);
        using var aes = new AesGcm(HKDF.Expand(HashAlgorithmName.SHA256, shared, 16, "Content-Encoding: aes128gcm\0"u8.ToArray()), 16);
        var plain = new byte[body.Length - 86 - 16];
        aes.Decrypt(HKDF.Expand(HashAlgorithmName.SHA256, shared, 12, "Content-Encoding: nonce\0"u8.ToArray()), body[86..^16], body[^16..], plain);
        plain[^1].ShouldBe((byte)2);
        return Encoding.UTF8.GetString(plain[..^1]);
    }

    /// <summary>What the sender claims, when it has signed it.</summary>
    public static JsonElement Claims(string authorization)
    {
        var (token, key) = authorization.Split(", ") is [var t, var k] ? (t["vapid t=".Length..], Bytes(k["k=".Length..])) : throw new FormatException(authorization);
        using var signer = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key[1..33], Y = key[33..] } });
        var parts = token.Split('.');
        signer.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256).ShouldBeTrue();
        Encoding.UTF8.GetString(Bytes(parts[0])).ShouldBe("""{"typ":"JWT","alg":"ES256"}""");
        return JsonDocument.Parse(Bytes(parts[1])).RootElement;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri!.OriginalString.ShouldBe(Endpoint);
        request.Content!.Headers.ContentEncoding.ShouldBe(["aes128gcm"]);
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        Got.Enqueue((Decrypt(await request.Content.ReadAsByteArrayAsync(cancellationToken)), Claims(headers["Authorization"]), headers));
        return new HttpResponseMessage(Answer);
    }
}
