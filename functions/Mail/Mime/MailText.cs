using System.Text;
using Watchdesk.Notices;

namespace Watchdesk.Mail.Mime;

/// <summary>Text of strangers, made fit to be stored and shown.</summary>
static class MailText
{
    /// <summary>One line: control characters and line ends become a space, half a surrogate pair U+FFFD.</summary>
    public static string Line(string text) => Map(text, keepLines: false).Trim();

    /// <summary>Line ends become \n, a tab stays, other control characters become a space, half a surrogate pair U+FFFD.</summary>
    public static string Clean(string text) => Map(text.ReplaceLineEndings("\n"), keepLines: true).TrimEnd();

    public static string Shorten(string text, int max) => NoticeText.Shorten(text, max);

    /// <summary>The beginning that fits in UTF-8.</summary>
    public static string Bounded(string text, int maxBytes, out bool isCut)
    {
        isCut = Encoding.UTF8.GetByteCount(text) > maxBytes;
        if (!isCut)
        {
            return text;
        }

        Encoding.UTF8.GetEncoder().Convert(text, new byte[maxBytes], flush: false, out var kept, out _, out _);
        return text[..(kept > 0 && char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept)];
    }

    static string Map(string text, bool keepLines)
    {
        StringBuilder? changed = null;
        for (var n = 0; n < text.Length; n++)
        {
            var c = text[n];
            var isPair = char.IsHighSurrogate(c) && n + 1 < text.Length && char.IsLowSurrogate(text[n + 1]);
            var fit = char.IsControl(c) && !(keepLines && c is '\n' or '\t') ? ' '
                : char.IsSurrogate(c) && !isPair && !(n > 0 && char.IsLowSurrogate(c) && char.IsHighSurrogate(text[n - 1])) ? '\ufffd'
                : c;
            if (fit != c && changed is null)
            {
                changed = new StringBuilder(text.Length).Append(text, 0, n);
            }

            changed?.Append(fit);
        }

        return changed?.ToString() ?? text;
    }
}
