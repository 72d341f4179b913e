using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Notices.Push;

/// <summary>What says to a push service who sends: RFC 8292.</summary>
sealed class VapidKey(ECParameters key)
{
    static readonly TimeSpan Lasts = TimeSpan.FromHours(12);
    static readonly string Header = Base64Url.EncodeToString("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"u8);

    /// <summary>Base64url, as browsers want it when they subscribe.</summary>
    public string Public { get; } = Base64Url.EncodeToString(P256.Point(key));

    public static VapidKey New()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new VapidKey(made.ExportParameters(includePrivateParameters: true));
    }

    /// <param name="text">As <see cref="Text"/>.</param>
    public static VapidKey Read(string text)
    {
        using var stored = ECDsa.Create();
        stored.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
        return new VapidKey(stored.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The private key: to be stored protected.</summary>
    public string Text()
    {
        using var signer = ECDsa.Create(key);
        return Convert.ToBase64String(signer.ExportPkcs8PrivateKey());
    }

    /// <summary>The header Authorization for one push service.</summary>
    /// <param name="contact">Where its people find ours: an address of https or mailto.</param>
    public string Authorization(Uri endpoint, string contact, DateTimeOffset now)
    {
        var claims = new VapidClaims(endpoint.GetLeftPart(UriPartial.Authority), (now + Lasts).ToUnixTimeSeconds(), contact);
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, NoticesJson.Default.VapidClaims))}";
        using var signer = ECDsa.Create(key);
        return $"vapid t={signed}.{Base64Url.EncodeToString(signer.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}, k={Public}";
    }
}

/// <param name="Exp">Unix seconds.</param>
sealed record VapidClaims(string Aud, long Exp, string Sub);
