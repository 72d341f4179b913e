using Watchdesk.Hosting;
using Watchdesk.Incidents.Search;

namespace Watchdesk.Mail.Search;

/// <param name="IsPrefix">Written as <c>word*</c>.</param>
public sealed record SearchTerm(string Word, bool IsPrefix = false);

/// <summary>What is searched for: everything of it must be found. Words, beginnings <c>db*</c>, and phrases in quotes.</summary>
/// <param name="Phrases">Folded, one blank between words.</param>
public sealed record SearchQuery(IReadOnlyList<SearchTerm> Terms, IReadOnlyList<string> Phrases)
{
    public const int MaxLength = 200;
    public const int MaxTerms = 8;

    /// <exception cref="InvalidRequestException">Nothing can be searched for with it.</exception>
    public static SearchQuery Parse(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength } || string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidRequestException($"q is what to search for, 1 to {MaxLength} characters.");
        }

        var (terms, phrases) = (new List<SearchTerm>(), new List<string>());
        foreach (var (part, n) in text.Split('"').Select((part, n) => (SearchWords.Fold(part), n)))
        {
            if (n % 2 == 1 && string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } phrase)
            {
                phrases.Add(phrase);
            }

            foreach (var piece in part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                terms.AddRange(SearchWords.Names(piece).Where(IsLong).Select(name => new SearchTerm(name)));
                if (n % 2 == 0 && piece.EndsWith('*') && terms.Count > 0 && piece.TrimEnd('*').EndsWith(terms[^1].Word, StringComparison.Ordinal) && terms[^1].Word.All(char.IsAscii))
                {
                    terms[^1] = terms[^1] with { IsPrefix = true };
                }
            }
        }

        SearchTerm[] distinct = [.. terms.Distinct()];
        return distinct.Length switch
        {
            0 => throw new InvalidRequestException($"q has no word of {SearchWords.MinLength} to {SearchWords.MaxLength} letters or digits."),
            > MaxTerms => throw new InvalidRequestException($"q has more than {MaxTerms} words; fewer find more."),
            _ => new SearchQuery(distinct, phrases),
        };
    }

    static bool IsLong(string word) => word.Length is >= SearchWords.MinLength and <= SearchWords.MaxLength;
}
