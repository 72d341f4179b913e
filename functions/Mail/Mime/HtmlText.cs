using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Watchdesk.Mail.Mime;

/// <summary>What a reader sees of HTML, as text: blocks and rows on lines of their own, cells apart, no script and no style.</summary>
static partial class HtmlText
{
    /// <summary>Characters that are looked at; a document costs many times its size.</summary>
    const int MaxHtml = 512 * 1024;

    static readonly HashSet<string> Hidden = new(["script", "style", "head", "template", "noscript", "object", "iframe", "svg"], StringComparer.OrdinalIgnoreCase);

    static readonly HashSet<string> Blocks = new(
        [
            "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
            "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Elements that are open at once; a tree of more costs time that grows with its square.</summary>
    const int MaxOpen = 500;

    static readonly string[] NeverClosed = ["br", "hr", "img", "li", "p", "td", "tr", "th", "meta", "link", "input", "col", "dd", "dt", "!"];

    public static string Of(string html)
    {
        html = html.Length <= MaxHtml ? html : html[..MaxHtml];
        return MostOpen(html) <= MaxOpen ? OfTree(html) : WebUtility.HtmlDecode(Tag().Replace(html, "\n")).Trim();
    }

    static int MostOpen(string html)
    {
        var (open, loose, most) = (0, 0, 0);
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            var rest = html.AsSpan(at + 1);
            if (rest[0] == '/')
            {
                open--;
                continue;
            }

            if (char.IsAsciiLetter(rest[0]) && !IsNeverClosed(rest))
            {
                open++;
            }
            else
            {
                loose++;
            }

            most = Math.Max(most, Math.Max(open, loose / 40));
        }

        return most;
    }

    static bool IsNeverClosed(ReadOnlySpan<char> rest)
    {
        foreach (var name in NeverClosed)
        {
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (rest.Length == name.Length || !char.IsAsciiLetterOrDigit(rest[name.Length])))
            {
                return true;
            }
        }

        return false;
    }

    static string OfTree(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        var text = new StringBuilder();
        INode? node = document.DocumentElement;
        while (node is not null)
        {
            var isHidden = node is IElement element && Hidden.Contains(element.LocalName);
            if (!isHidden)
            {
                Open(node, text);
            }

            node = !isHidden && node.FirstChild is { } child ? child : Next(node, text);
        }

        return text.ToString().Trim('\n', ' ');
    }

    /// <summary>The node after this one and all it holds.</summary>
    static INode? Next(INode node, StringBuilder text)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at is IElement element && Blocks.Contains(element.LocalName))
            {
                Break(text);
            }

            if (at.NextSibling is { } next)
            {
                return next;
            }
        }

        return null;
    }

    static void Open(INode node, StringBuilder text)
    {
        switch (node)
        {
            case IText words:
                Append(text, words.Data, isPreformatted: words.ParentElement?.LocalName is "pre" or "textarea");
                break;
            case IElement { LocalName: "br" }:
                text.Append('\n');
                break;
            case IElement { LocalName: "td" or "th" } when text.Length > 0 && text[^1] != '\n':
                text.Append('\t');
                break;
            case IElement { LocalName: "img" } image when image.GetAttribute("alt") is { Length: > 0 } alt:
                Append(text, alt, isPreformatted: false);
                break;
            case IElement element when Blocks.Contains(element.LocalName):
                Break(text);
                text.Append(element.LocalName == "li" ? "- " : "");
                break;
        }
    }

    [GeneratedRegex("<(script|style)[^>]*>[^<]*|<[^>]*>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    static void Break(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] is ' ' or '\t')
        {
            text.Length--;
        }

        if (text.Length > 0 && text[^1] != '\n')
        {
            text.Append('\n');
        }
    }

    static void Append(StringBuilder text, string words, bool isPreformatted)
    {
        if (isPreformatted)
        {
            text.Append(words.ReplaceLineEndings("\n"));
            return;
        }

        foreach (var c in words)
        {
            if (c is ' ' or '\t' or '\r' or '\n' or '\f' or '\u00a0')
            {
                if (text.Length > 0 && text[^1] is not (' ' or '\n' or '\t'))
                {
                    text.Append(' ');
                }
            }
            else
            {
                text.Append(c);
            }
        }
    }
}
