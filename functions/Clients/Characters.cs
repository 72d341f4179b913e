using System.Buffers;

namespace Watchdesk.Clients;

/// <summary>Sets of characters that the storage services allow or refuse.</summary>
static class Characters
{
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const string Digits = "0123456789";

    public static readonly SearchValues<char> Alphanumeric = SearchValues.Create(Letters + Digits);

    /// <summary>Narrower than C#'s own identifiers: ASCII only.</summary>
    public static readonly SearchValues<char> Identifier = SearchValues.Create(Letters + Digits + "_");

    /// <summary>/ \ # ?, U+0000 to U+001F and U+007F to U+009F.</summary>
    public static readonly SearchValues<char> NotInKeys = SearchValues.Create(
        [.. "/\\#?", .. Range(0, 0x1F), .. Range(0x7F, 0x9F)]);

    static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
