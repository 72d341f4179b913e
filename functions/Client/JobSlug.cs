using System.Globalization;
using System.Text;

namespace Watchdesk.Client;

/// <summary>The name of a job in Watchdesk's addresses.</summary>
public static class JobSlug
{
    const int MaxLength = 100;

    /// <summary>Lower case; every run of other characters than <c>[a-z0-9_-]</c> becomes one hyphen. A longer text than 100 characters is cut and gets a hash.</summary>
    /// <returns><c>job</c> when nothing is left.</returns>
    public static string From(string text)
    {
        _ = text ?? throw new ArgumentNullException(nameof(text));
        var slug = new StringBuilder(Math.Min(text.Length, 256));
        foreach (var c in text)
        {
            var lower = char.ToLowerInvariant(c);
            if (lower is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-')
            {
                slug.Append(lower);
            }
            else if (slug.Length > 0 && slug[slug.Length - 1] != '-')
            {
                slug.Append('-');
            }
        }

        var result = slug.ToString().Trim('-');
        return result.Length == 0 ? "job"
            : result.Length <= MaxLength ? result
            : $"{result.Remove(MaxLength - 9)}-{Hash(text).ToString("x8", CultureInfo.InvariantCulture)}";
    }

    /// <summary>FNV-1a: the same on every platform and in every process.</summary>
    static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u));
}
