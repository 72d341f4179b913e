using System.Text;

namespace Watchdesk.Operations.Providers;

/// <summary>Takes what a person wrote apart into words. Nothing else in it has a meaning: no variable, no pipe, no escape.</summary>
static class Sentence
{
    public const int MaxText = 4000;
    public const int MaxWords = 64;

    /// <summary>Words between white space; quotes hold one together and fall away. Quotes that do not close are letters.</summary>
    /// <returns>Null when it is too long.</returns>
    public static IReadOnlyList<string>? Words(string text)
    {
        if (text.Length > MaxText)
        {
            return null;
        }

        var words = (IReadOnlyList<string>?)Split(text.Replace('“', '"').Replace('”', '"')) ?? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Count <= MaxWords ? words : null;
    }

    static List<string>? Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, began) = ('\0', false);
        foreach (var c in text)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                (quote, began) = (quote == '\0' ? c : '\0', true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (began)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                began = false;
            }
            else
            {
                word.Append(c);
                began = true;
            }
        }

        if (began)
        {
            words.Add(word.ToString());
        }

        return quote == '\0' ? words : null;
    }
}
