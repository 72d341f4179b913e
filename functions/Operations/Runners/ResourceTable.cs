using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchdesk.Operations.Runners;

/// <summary>An answer of Resource Manager as people read it: a list as a table, anything else as indented JSON.</summary>
static class ResourceTable
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Show(JsonElement? answer, string body, IReadOnlyList<string>? columns)
    {
        if (answer is not { } root)
        {
            return body.Length == 0 ? "Done." : body;
        }

        return columns is not null && root.ValueKind == JsonValueKind.Object && root.TryGetProperty("value"u8, out var list) && list.ValueKind == JsonValueKind.Array
            ? Table(root, list, columns) : Json(root);
    }

    static string Table(JsonElement root, JsonElement list, IReadOnlyList<string> columns)
    {
        var rows = list.EnumerateArray().Select(item => columns.Select(column => Cell(item, column)).ToArray()).ToList();
        var widths = columns.Select((column, n) => rows.Select(row => row[n].Length).Append(column.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. columns]))
        {
            text.AppendLine(string.Join("  ", row.Select((cell, n) => cell.PadRight(widths[n]))).TrimEnd());
        }

        text.Append(rows.Count == 1 ? "1 entry" : $"{rows.Count} entries");
        return root.TryGetProperty("nextLink"u8, out var next) && next.ValueKind == JsonValueKind.String ? text.Append("; there are more, ask for one resource group.").ToString() : text.Append('.').ToString();
    }

    static string Cell(JsonElement item, string column) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(column, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText() : "";

    static string Json(JsonElement root)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
