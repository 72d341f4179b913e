using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchdesk.Notices.Slack;

/// <summary>
/// A notice in Block Kit: the title, and under a bar in the colour of the severity the reason, the facts and the link.
/// Text of jobs is not ours: with <c>&amp; &lt; &gt;</c> escaped it can neither link nor call anybody.
/// </summary>
static class SlackText
{
    /// <summary>Of the text of one section; Slack refuses more.</summary>
    public const int MaxSection = 3000;
    const int MaxField = 2000;
    const int MaxLine = 300;

    /// <summary>Room in a section for "and 200 more lines on the desk".</summary>
    const int RoomForMore = 40;

    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Message message)
    {
        var notice = message.Notice;
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();

            // What a phone shows on its lock screen.
            json.WriteString("text"u8, Escape(NoticeText.Subject(notice), MaxSection));
            json.WriteBoolean("unfurl_links"u8, false);
            json.WriteStartArray("blocks"u8);
            WriteSection(json, $"*{NoticeText.Word(notice)}* {Escape(notice.Name, MaxSection - 100)}");
            json.WriteEndArray();
            json.WriteStartArray("attachments"u8);
            json.WriteStartObject();
            json.WriteString("color"u8, NoticeText.Color(notice));
            json.WriteStartArray("blocks"u8);
            WriteBlocks(json, message);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteBlocks(Utf8JsonWriter json, Message message)
    {
        var notice = message.Notice;
        if (notice.Reason.Length > 0)
        {
            WriteSection(json, Escape(notice.Reason, MaxSection));
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "section"u8);
        json.WriteStartArray("fields"u8);
        foreach (var (label, text) in NoticeText.Facts(notice, message.Now))
        {
            WriteText(json, $"*{label}*\n{Escape(text, MaxField - 100)}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (notice.Lines is { Count: > 0 } lines)
        {
            WriteSection(json, List(lines));
        }

        if (message.Link is { } link)
        {
            WriteSection(json, $"<{Escape(link, MaxSection - 100)}|Open on the desk>");
        }
    }

    static string List(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = Escape(lines[i], MaxLine);
            if (text.Length + line.Length + 3 > MaxSection - RoomForMore)
            {
                return text.Append("and ").Append(lines.Count - i).Append(" more lines on the desk").ToString();
            }

            text.Append("• ").Append(line).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    static void WriteSection(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "section"u8);
        json.WritePropertyName("text"u8);
        WriteText(json, text);
        json.WriteEndObject();
    }

    /// <summary>Verbatim: no names of people, channels or addresses are looked for in it.</summary>
    static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "mrkdwn"u8);
        json.WriteString("text"u8, text);
        json.WriteBoolean("verbatim"u8, true);
        json.WriteEndObject();
    }

    /// <summary>Never longer than asked, and never cut within an entity.</summary>
    static string Escape(string text, int max)
    {
        for (var length = max; ; length = length * 4 / 5)
        {
            var escaped = NoticeText.Shorten(text, length)
                .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
            if (escaped.Length <= max)
            {
                return escaped;
            }
        }
    }
}
