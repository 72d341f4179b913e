using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchdesk.Notices.Teams;

/// <summary>
/// The message of a Workflows webhook with one adaptive card. Text of jobs is not ours: it is written as plain TextRuns,
/// which Teams does not read as Markdown, so that a job name cannot make a link.
/// </summary>
static class TeamsCard
{
    /// <summary>Teams refuses more than 28 KB.</summary>
    public const int MaxBytes = 28 * 1024;
    const int MaxLines = 30;

    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Message message)
    {
        for (var (lines, chars) = (MaxLines, 300); ; (lines, chars) = (lines / 2, chars / 2))
        {
            var card = Write(message, lines, chars);
            if (card.Length <= MaxBytes || lines == 0)
            {
                return card;
            }
        }
    }

    static byte[] Write(Message message, int lines, int chars)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message"u8);
            json.WriteStartArray("attachments"u8);
            json.WriteStartObject();
            json.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive"u8);
            json.WriteNull("contentUrl"u8);
            json.WriteStartObject("content"u8);
            WriteCard(json, message, lines, chars);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteCard(Utf8JsonWriter json, Message message, int lines, int chars)
    {
        var notice = message.Notice;
        json.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json"u8);
        json.WriteString("type"u8, "AdaptiveCard"u8);
        json.WriteString("version"u8, "1.4"u8);
        json.WriteString("fallbackText"u8, NoticeText.Subject(notice));
        json.WriteStartObject("msteams"u8);
        json.WriteString("width"u8, "Full"u8);
        json.WriteEndObject();
        json.WriteStartArray("body"u8);
        WriteText(json, $"{NoticeText.Word(notice)} {NoticeText.Shorten(notice.Name, chars)}", Color(notice), isTitle: true);
        WriteText(json, NoticeText.Shorten(notice.Reason, 2 * chars + 100));
        foreach (var (label, text) in NoticeText.Facts(notice, message.Now))
        {
            WriteText(json, $"{label}: {NoticeText.Shorten(text, chars)}", isSubtle: true);
        }

        foreach (var line in (notice.Lines ?? []).Take(lines))
        {
            WriteText(json, NoticeText.Shorten(line, chars));
        }

        if (notice.Lines is { } all && all.Count > lines)
        {
            WriteText(json, $"and {all.Count - lines} more lines on the desk", isSubtle: true);
        }

        json.WriteEndArray();
        WriteActions(json, message);
    }

    static void WriteText(Utf8JsonWriter json, string text, string? color = null, bool isTitle = false, bool isSubtle = false)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "RichTextBlock"u8);
        json.WriteStartArray("inlines"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "TextRun"u8);
        json.WriteString("text"u8, text);
        if (isTitle)
        {
            json.WriteString("size"u8, "Large"u8);
            json.WriteString("weight"u8, "Bolder"u8);
        }

        if (color is not null)
        {
            json.WriteString("color"u8, color);
        }

        if (isSubtle)
        {
            json.WriteBoolean("isSubtle"u8, true);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteActions(Utf8JsonWriter json, Message message)
    {
        if (message.Link is not { } link)
        {
            return;
        }

        json.WriteStartArray("actions"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "Action.OpenUrl"u8);
        json.WriteString("title"u8, "Open on the desk"u8);
        json.WriteString("url"u8, link);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static string Color(Notice notice) => notice.Kind switch
    {
        NoticeKind.Resolved => "Good",
        NoticeKind.Test => "Accent",
        _ => notice.Level switch { Level.Critical => "Attention", Level.Warning => "Warning", _ => "Accent" },
    };
}
