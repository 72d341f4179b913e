using System.Buffers;
using System.Security.Cryptography;

namespace Watchdesk.Tenants;

/// <summary>Random texts for keys and sessions.</summary>
public static class SecretText
{
    const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static readonly SearchValues<char> Digits = SearchValues.Create(Base62);

    /// <summary>A text of random base62 digits, 5.95 bits each.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Base62, length);

    public static bool IsBase62(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(Digits);
}
