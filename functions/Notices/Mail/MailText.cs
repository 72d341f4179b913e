using System.Net;
using System.Text;

namespace Watchdesk.Notices.Mail;

/// <summary>The two bodies of a mail: plain text and HTML that say the same.</summary>
static class MailText
{
    const int MaxLines = 60;

    public static string Plain(Message message)
    {
        var notice = message.Notice;
        var text = new StringBuilder();
        text.Append(NoticeText.Word(notice)).Append(' ').Append(notice.Name).Append("\r\n\r\n").Append(notice.Reason).Append("\r\n\r\n");
        foreach (var (label, value) in NoticeText.Facts(notice, message.Now))
        {
            text.Append(label).Append(": ").Append(value).Append("\r\n");
        }

        if (notice.Lines is { Count: > 0 } lines)
        {
            text.Append("\r\n");
            foreach (var line in lines.Take(MaxLines))
            {
                text.Append("- ").Append(line).Append("\r\n");
            }

            text.Append(More(lines)).Append("\r\n");
        }

        if (message.Link is { } link)
        {
            text.Append("\r\n").Append(link).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>Tables and inline styles, since mail programs know little else; nothing is loaded from anywhere.</summary>
    public static string Html(Message message)
    {
        var notice = message.Notice;
        var html = new StringBuilder("<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;font-size:15px;color:#1b1b1b\">");
        html.Append("<p style=\"margin:0 0 12px;padding:10px 14px;color:#fff;font-size:18px;background:").Append(NoticeText.Color(notice)).Append("\"><strong>")
            .Append(NoticeText.Word(notice)).Append("</strong> ").Append(Encode(notice.Name)).Append("</p><p>").Append(Encode(notice.Reason)).Append("</p><table>");
        foreach (var (label, value) in NoticeText.Facts(notice, message.Now))
        {
            html.Append("<tr><th align=\"left\" valign=\"top\" style=\"padding:2px 14px 2px 0;font-weight:normal;color:#555\">").Append(label)
                .Append("</th><td>").Append(Encode(value)).Append("</td></tr>");
        }

        html.Append("</table>");
        if (notice.Lines is { Count: > 0 } lines)
        {
            html.Append("<ul>");
            foreach (var line in lines.Take(MaxLines))
            {
                html.Append("<li>").Append(Encode(line)).Append("</li>");
            }

            html.Append("</ul><p>").Append(More(lines)).Append("</p>");
        }

        if (message.Link is { } link)
        {
            html.Append("<p><a href=\"").Append(Encode(link)).Append("\">Open on the desk</a></p>");
        }

        return html.Append("</body></html>").ToString();
    }

    static string More(IReadOnlyList<string> lines) => lines.Count > MaxLines ? $"and {lines.Count - MaxLines} more lines on the desk" : "";

    static string Encode(string text) => WebUtility.HtmlEncode(text);
}
