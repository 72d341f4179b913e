using System.Globalization;
using System.Security.Cryptography;

namespace Watchdesk.Tenants;

/// <summary>Password hashes: PBKDF2 with SHA-512, as <c>pbkdf2-sha512$rounds$salt$hash</c>.</summary>
public static class Passwords
{
    public const int MinLength = 10;
    public const int MaxLength = 256;

    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA512.</summary>
    const int Rounds = 210_000;

    const string Name = "pbkdf2-sha512";

    /// <summary>Costs as much as a real check; verified against when there is no such account.</summary>
    static readonly string Nobody = $"{Name}${Rounds}${Convert.ToBase64String(new byte[16])}${Convert.ToBase64String(new byte[32])}";

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"{Name}${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Rounds, 32))}";
    }

    /// <param name="hash">Null takes the same time and is never right.</param>
    public static bool IsRight(string password, string? hash)
    {
        ArgumentNullException.ThrowIfNull(password);
        var parts = (hash ?? Nobody).Split('$');
        if (parts.Length != 4 || parts[0] != Name || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds))
        {
            return false;
        }

        var expected = Convert.FromBase64String(parts[3]);
        var actual = Derive(password, Convert.FromBase64String(parts[2]), rounds, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && hash is not null;
    }

    static byte[] Derive(string password, byte[] salt, int rounds, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA512, length);
}
