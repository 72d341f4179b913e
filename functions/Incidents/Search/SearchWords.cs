using System.Buffers;
using System.Text;

namespace Watchdesk.Incidents.Search;

/// <summary>
/// Pure: the words by which a text is found. Case and accents do not count; a name with dots, hyphens and the like is a word as a whole,
/// and so is each of its parts: <c>db01.example.org</c>, <c>db01</c>, <c>example</c>, <c>org</c>.
/// </summary>
public static class SearchWords
{
    public const int MaxWords = 64;
    public const int MaxLength = 64;
    public const int MinLength = 2;

    const string Joints = ".-_@:/";
    static readonly SearchValues<char> Joining = SearchValues.Create(Joints);

    /// <summary>Without their marks, for letters from U+00C0 to U+017F; ICU, which would know, is not there.</summary>
    const string Plain =
        "aaaaaa*ceeeeiiiidnooooo*ouuuuy**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y" +
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    /// <summary>One character for each, so that places stay where they are.</summary>
    public static string Fold(string text) => string.Create(text.Length, text, static (folded, from) =>
    {
        for (var n = 0; n < folded.Length; n++)
        {
            var c = from[n];
            folded[n] = c is >= '\u00c0' and <= '\u017f' && Plain[c - '\u00c0'] != '*' ? Plain[c - '\u00c0'] : char.ToLowerInvariant(c);
        }
    });

    /// <summary>The first distinct words of the texts, in their order.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> texts)
    {
        var words = new List<string>(MaxWords);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in texts.SelectMany(Of).Where(known.Add).Take(MaxWords))
        {
            words.Add(word);
        }

        return words;
    }

    /// <summary>All words of a text as they come, whole names before their parts.</summary>
    public static IEnumerable<string> Of(string text)
    {
        foreach (var name in Names(Fold(text)))
        {
            if (IsWord(name))
            {
                yield return name;
            }

            if (name.AsSpan().ContainsAny(Joining))
            {
                foreach (var part in name.Split([.. Joints]).Where(IsWord))
                {
                    yield return part;
                }
            }
        }
    }

    /// <summary>Runs of letters, digits and what joins them.</summary>
    public static IEnumerable<string> Names(string folded)
    {
        for (var at = 0; at < folded.Length;)
        {
            while (at < folded.Length && !char.IsLetterOrDigit(folded[at]))
            {
                at++;
            }

            var from = at;
            while (at < folded.Length && (char.IsLetterOrDigit(folded[at]) || Joints.Contains(folded[at], StringComparison.Ordinal)))
            {
                at++;
            }

            if (at > from)
            {
                yield return folded[from..at].TrimEnd([.. Joints]);
            }
        }
    }

    /// <summary>As part of a row key. Words that are not of ASCII stand there as a hash, so that they are found whole only.</summary>
    public static string Key(string word)
    {
        var key = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && !Joints.Contains(c, StringComparison.Ordinal))
            {
                return ":" + Clients.Keys.Hash(word)[..24];
            }

            key.Append(c is '@' or '/' ? ':' : c);
        }

        return key.ToString();
    }

    static bool IsWord(string word) => word.Length is >= MinLength and <= MaxLength;
}
