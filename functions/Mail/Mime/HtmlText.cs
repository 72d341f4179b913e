using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Watchdesk.Mail.Mime;

/// <summary>What a reader sees of HTML, as text: blocks and rows on lines of their own, cells apart, no script and no style.</summary>
static class HtmlText
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

    public static string Of(string html)
    {
        using var document = new HtmlParser().ParseDocument(html.Length <= MaxHtml ? html : html[..MaxHtml]);
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
