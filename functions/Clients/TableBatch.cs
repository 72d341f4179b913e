using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Clients;

/// <summary>An entity group transaction on the wire: one multipart change set out, one status per write back.</summary>
static class TableBatch
{
    /// <param name="boundary">Unguessable, so that no text in a row can look like it.</param>
    public static void Write(PooledBuffer body, string endpoint, string table, IReadOnlyList<TableWrite> writes, string boundary)
    {
        body.Write($"--batch_{boundary}\r\nContent-Type: multipart/mixed; boundary=changeset_{boundary}\r\n\r\n");
        using var json = new Utf8JsonWriter(body, TableJson.WriterOptions);
        foreach (var write in writes)
        {
            body.Write($"--changeset_{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            WritePart(body, json, endpoint, table, write);
        }

        body.Write($"--changeset_{boundary}--\r\n--batch_{boundary}--\r\n");
    }

    static void WritePart(PooledBuffer body, Utf8JsonWriter json, string endpoint, string table, TableWrite write)
    {
        var isInsert = write.Verb == TableVerb.Insert;
        var path = isInsert ? "/" + table : TableUrls.Row(table, write.Row);
        body.Write($"{Method(write.Verb)} {endpoint}{path} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        if (isInsert)
        {
            body.Write("Prefer: return-no-content\r\n"u8);
        }

        if (write.ETag is not null)
        {
            body.Write($"If-Match: {write.ETag}\r\n");
        }

        if (write.Verb == TableVerb.Delete)
        {
            body.Write("\r\n\r\n"u8);
            return;
        }

        body.Write("Content-Type: application/json\r\n\r\n"u8);
        json.Reset();
        TableJson.Write(json, write.Row);
        body.Write("\r\n"u8);
    }

    public static string Method(TableVerb verb) => verb switch
    {
        TableVerb.Insert => "POST",
        TableVerb.Upsert or TableVerb.Replace => "PUT",
        TableVerb.UpsertMerge or TableVerb.Merge => "MERGE",
        _ => "DELETE",
    };

    /// <param name="Code">With a status of 400 or more, when the answer names one.</param>
    /// <param name="FailedIndex">Which write was refused; -1 when the answer does not say.</param>
    public sealed record Answer(int Status, string? Code, int FailedIndex, IReadOnlyList<string?> ETags);

    /// <summary>Parts are found by their status lines: one of the emulator's has a stray line before it.</summary>
    public static Answer Read(ReadOnlySpan<byte> body, int writes)
    {
        var etags = new List<string?>(writes);
        var status = 0;
        for (var part = Next(body); !part.IsEmpty; part = Next(part))
        {
            if (!Utf8Parser.TryParse(part, out status, out _))
            {
                break;
            }

            var after = part.IndexOf("HTTP/1.1 "u8);
            var own = after < 0 ? part : part[..after];
            if (status >= 400)
            {
                return Refusal(status, own);
            }

            etags.Add(ETag(own));
        }

        return etags.Count == writes ? new Answer(status, null, -1, etags)
            : throw new JsonException($"A transaction of {writes} writes was answered with {etags.Count} statuses.");
    }

    static string? ETag(ReadOnlySpan<byte> part)
    {
        foreach (var range in part.Split((byte)'\n'))
        {
            var line = part[range];
            if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "etag:"u8))
            {
                return Encoding.ASCII.GetString(line[5..]).Trim();
            }
        }

        return null;
    }

    /// <summary>What follows the next status line's "HTTP/1.1 ".</summary>
    static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("HTTP/1.1 "u8);
        return at < 0 ? default : body[(at + 9)..];
    }

    static Answer Refusal(int status, ReadOnlySpan<byte> part)
    {
        var start = part.IndexOfAny((byte)'{', (byte)'<');
        var body = start < 0 ? default : part[start..];
        return new Answer(status, RemoteErrors.Code(body), Index(body), []);
    }

    /// <summary>The message begins with the index of the refused write and a colon.</summary>
    static int Index(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("\"value\":\""u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 9)..], out int index, out var length) && body[at + 9 + length] == ':' ? index : -1;
    }
}
