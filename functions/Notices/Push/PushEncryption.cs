using System.Security.Cryptography;

namespace Watchdesk.Notices.Push;

/// <summary>A message that only one browser can read: RFC 8291, as one record of RFC 8188.</summary>
static class PushEncryption
{
    public const int AuthLength = 16;

    /// <summary>Bytes of a message, so that it stays below the 4,096 that every push service takes.</summary>
    public const int MaxPlain = 3 * 1024;

    const int SaltLength = 16;
    const int TagLength = 16;
    const byte LastRecord = 2;

    /// <param name="receiver">The browser's public key.</param>
    /// <param name="auth">The secret that it shares with us.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] receiver, byte[] auth)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(plain, receiver, auth, sender, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <param name="sender">A key for this message only.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] receiver, byte[] auth, ECDiffieHellman sender, byte[] salt)
    {
        using var other = ECDiffieHellman.Create(P256.Parameters(receiver));
        var own = P256.Point(sender.ExportParameters(includePrivateParameters: false));
        var (key, nonce) = Keys(sender.DeriveRawSecretAgreement(other.PublicKey), receiver, own, auth, salt);
        byte[] record = [.. plain, LastRecord];
        var (text, tag) = (new byte[record.Length], new byte[TagLength]);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, record, text, tag);
        return [.. salt, 0, 0, 16, 0, P256.PointLength, .. own, .. text, .. tag];
    }

    static (byte[] Key, byte[] Nonce) Keys(byte[] secret, byte[] receiver, byte[] sender, byte[] auth, byte[] salt)
    {
        var shared = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, auth, [.. "WebPush: info\0"u8, .. receiver, .. sender]);
        return (
            HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 12, salt, "Content-Encoding: nonce\0"u8.ToArray()));
    }
}
