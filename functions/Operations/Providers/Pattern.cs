using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Watchdesk.Operations.Providers;

/// <summary>Patterns of the data: whole values, without backtracking.</summary>
static class Pattern
{
    const int MaxKept = 2000;
    static readonly ConcurrentDictionary<string, Regex> Kept = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Of(string pattern)
    {
        if (Kept.Count > MaxKept)
        {
            Kept.Clear();
        }

        return Kept.GetOrAdd(pattern, text => new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
    }

    public static bool Fits(string pattern, string value) => Of(pattern).IsMatch(value);

    /// <summary>Whether the words are those of a command as <see cref="Cli.Reads"/> writes it.</summary>
    public static bool IsCommand(string command, IEnumerable<string> words) =>
        Fits(Regex.Escape(command).Replace(@"\ \*\*", "( .*)?", StringComparison.Ordinal).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^ ]*", StringComparison.Ordinal), string.Join(' ', words).ToLowerInvariant());
}
