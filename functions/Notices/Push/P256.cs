using System.Security.Cryptography;

namespace Watchdesk.Notices.Push;

/// <summary>Points of the curve P-256 as browsers and push services write them: 65 bytes, uncompressed.</summary>
static class P256
{
    public const int PointLength = 65;
    const int Half = 32;
    const byte Uncompressed = 4;

    public static byte[] Point(ECParameters key) => [Uncompressed, .. key.Q.X!, .. key.Q.Y!];

    /// <exception cref="CryptographicException">It is no point of the curve.</exception>
    public static ECParameters Parameters(byte[] point)
    {
        if (point.Length != PointLength || point[0] != Uncompressed)
        {
            throw new CryptographicException("Not an uncompressed point of P-256.");
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..(Half + 1)], Y = point[(Half + 1)..] } };
        using var key = ECDiffieHellman.Create(parameters);
        return parameters;
    }
}
