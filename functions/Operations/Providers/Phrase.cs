namespace Watchdesk.Operations.Providers;

/// <summary>How the words of a sentence fit a phrase of an intent.</summary>
/// <param name="Literals">How many words were said as the phrase has them: the phrase with the most wins.</param>
sealed record PhraseFit(Provider Provider, Intent Intent, IReadOnlyDictionary<string, string> Arguments, bool IsWhole, int Literals)
{
    /// <summary>Null when they do not fit. Words that end before the phrase's first argument fit, with nothing to fill it.</summary>
    public static PhraseFit? Of(Provider provider, Intent intent, string phrase, IReadOnlyList<string> words)
    {
        var parts = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isWhole = parts.Length == words.Count;
        if (words.Count == 0 || words.Count > parts.Length || (!isWhole && !IsPlaceholder(parts[words.Count])))
        {
            return null;
        }

        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        var literals = 0;
        for (var n = 0; n < words.Count; n++)
        {
            if (IsPlaceholder(parts[n]))
            {
                arguments[parts[n][1..^1]] = isWhole && n == words.Count - 1 ? words[n].TrimEnd('?', '!') : words[n];
            }
            else if (!IsSame(parts[n], words[n], isLast: n == words.Count - 1))
            {
                return null;
            }
            else
            {
                literals++;
            }
        }

        return literals > 0 ? new PhraseFit(provider, intent, arguments, isWhole, literals) : null;
    }

    static bool IsPlaceholder(string part) => part is ['{', _, .., '}'];

    static bool IsSame(string part, string word, bool isLast) => string.Equals(part, isLast ? word.TrimEnd('.', '?', '!') : word, StringComparison.OrdinalIgnoreCase);
}
