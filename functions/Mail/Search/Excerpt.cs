using Watchdesk.Incidents.Search;

namespace Watchdesk.Mail.Search;

/// <summary>A piece of an excerpt. It is text, never HTML.</summary>
public sealed record ExcerptPart(string Text, bool Hit = false);

/// <summary>Pure: the part of a text in which something was found, with its hits told apart.</summary>
public static class Excerpt
{
    const int Around = 60;
    const int Length = 220;
    const int Searched = 64 * 1024;

    public static IReadOnlyList<ExcerptPart> Of(string text, SearchQuery query)
    {
        var line = string.Join(' ', text[..Math.Min(text.Length, Searched)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var folded = SearchWords.Fold(line);
        var from = Math.Max(0, Hits(folded, query, 0).Select(hit => hit.At).DefaultIfEmpty(0).Min() - Around);
        from = from > 0 && char.IsLowSurrogate(line[from]) ? from - 1 : from;
        var to = Math.Min(line.Length, from + Length);
        to = to < line.Length && char.IsLowSurrogate(line[to]) ? to - 1 : to;
        var parts = new List<ExcerptPart>();
        var at = from;
        foreach (var (start, length) in Hits(folded[..to], query, from).OrderBy(hit => hit.At).ThenByDescending(hit => hit.Length).Where(hit => hit.At >= from))
        {
            if (start >= at)
            {
                parts.AddRange(start > at ? [new ExcerptPart(line[at..start])] : []);
                parts.Add(new ExcerptPart(line.Substring(start, length), Hit: true));
                at = start + length;
            }
        }

        parts.AddRange(at < to ? [new ExcerptPart(line[at..to])] : []);
        return [.. from > 0 ? [new ExcerptPart("… ")] : Array.Empty<ExcerptPart>(), .. parts, .. to < line.Length ? [new ExcerptPart(" …")] : Array.Empty<ExcerptPart>()];
    }

    /// <summary>True when the words of each phrase stand side by side.</summary>
    public static bool HasPhrases(string text, SearchQuery query)
    {
        var folded = query.Phrases.Count == 0 ? "" : string.Join(' ', SearchWords.Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return query.Phrases.All(phrase => folded.Contains(phrase, StringComparison.Ordinal));
    }

    static IEnumerable<(int At, int Length)> Hits(string folded, SearchQuery query, int from)
    {
        foreach (var word in query.Terms)
        {
            for (var at = folded.IndexOf(word.Word, from, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(word.Word, at + word.Word.Length, StringComparison.Ordinal))
            {
                if (at == 0 || !char.IsLetterOrDigit(folded[at - 1]))
                {
                    yield return (at, word.Word.Length);
                }
            }
        }
    }
}
