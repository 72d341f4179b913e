using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Watchdesk.Clients;

/// <summary>
/// The full history: append blobs <c>events/{tenant}/{yyyy/MM/dd/HH}/{shard}-{n}.ndjson</c> by time of receipt, one JSON
/// object a line. <c>{"kind":"run","message":…,"item":{…}}</c> is an item of queue message <c>message</c>, a run event, a mail, a metric point;
/// <c>{"kind":"rows"|"deleted","at":…,"rows":[{"table","pk","rk","values":{…}}]}</c> is a change of definitions. A line may
/// stand twice; its ids tell.
/// </summary>
public sealed class EventLog
{
    public const string Container = "events";

    const int MaxBlocks = 40_000;
    const int MaxBlockBytes = 2 * 1024 * 1024;

    readonly BlobClient _blobs;
    readonly TimeProvider _clock;
    readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly GatheredLines _changes;

    public EventLog(BlobClient blobs, TimeProvider clock)
    {
        (_blobs, _clock) = (blobs, clock);
        _changes = new GatheredLines(MaxBlockBytes, (folder, lines) => AppendAsync(folder, lines, CancellationToken.None));
    }

    /// <param name="kind">What the items are, one word.</param>
    /// <param name="items">Each with its message and its time of receipt in Unix milliseconds, in the order in which they are applied.</param>
    public async Task AppendItemsAsync(string tenant, string kind, IEnumerable<(string Message, long ReceivedAt, JsonElement Item)> items, CancellationToken cancellationToken)
    {
        foreach (var hour in items.GroupBy(item => Hour(DateTimeOffset.FromUnixTimeMilliseconds(item.ReceivedAt)), StringComparer.Ordinal))
        {
            var lines = new ArrayBufferWriter<byte>(16 * 1024);
            foreach (var (message, _, item) in hour)
            {
                lines.Write(System.Text.Encoding.ASCII.GetBytes($"{{\"kind\":\"{kind}\",\"message\":\"{message}"));
                lines.Write("\",\"item\":"u8);
                lines.Write(JsonMarshal.GetRawUtf8Value(item));
                lines.Write("}\n"u8);
                if (lines.WrittenCount > MaxBlockBytes)
                {
                    await AppendAsync($"{tenant}/{hour.Key}", lines.WrittenMemory, cancellationToken);
                    lines.ResetWrittenCount();
                }
            }

            await AppendAsync($"{tenant}/{hour.Key}", lines.WrittenMemory, cancellationToken);
        }
    }

    public Task AppendRowsAsync(string tenant, IReadOnlyList<(string Table, TableRow Row)> rows, CancellationToken cancellationToken) =>
        AppendChangeAsync(tenant, "rows", rows, cancellationToken);

    public Task AppendDeletedAsync(string tenant, IReadOnlyList<(string Table, TableRow Row)> rows, CancellationToken cancellationToken) =>
        AppendChangeAsync(tenant, "deleted", rows, cancellationToken);

    public static string Hour(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy'/'MM'/'dd'/'HH", CultureInfo.InvariantCulture);

    async Task AppendChangeAsync(string tenant, string kind, IReadOnlyList<(string Table, TableRow Row)> rows, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, kind);
            json.WriteNumber("at"u8, now.ToUnixTimeMilliseconds());
            json.WriteStartArray("rows"u8);
            foreach (var (table, row) in rows)
            {
                LoggedRow.Write(json, table, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        await _changes.AddAsync($"{tenant}/{Hour(now)}", line.WrittenMemory, cancellationToken);
    }

    async Task AppendAsync(string folder, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        if (lines.Length == 0)
        {
            return;
        }

        while (true)
        {
            var number = _numbers.GetValueOrDefault(folder);
            var result = await _blobs.AppendAsync(Container, $"{folder}/0-{number:D3}.ndjson", lines, cancellationToken);
            if (result.IsFull || result.BlockCount >= MaxBlocks)
            {
                _numbers[folder] = number + 1;
            }

            if (!result.IsFull)
            {
                return;
            }
        }
    }
}

/// <summary>A table row as a line of the event log holds it: numbers, texts and flags as they are, other types as <c>{"type","value"}</c>.</summary>
public static class LoggedRow
{
    public static void Write(Utf8JsonWriter json, string table, TableRow row)
    {
        json.WriteStartObject();
        json.WriteString("table"u8, table);
        json.WriteString("pk"u8, row.PartitionKey);
        json.WriteString("rk"u8, row.RowKey);
        json.WriteStartObject("values"u8);
        foreach (var (name, value) in row.Values)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static (string Table, TableRow Row) Read(JsonElement element)
    {
        var row = new TableRow(element.GetProperty("pk"u8).GetString()!, element.GetProperty("rk"u8).GetString()!);
        foreach (var property in element.GetProperty("values"u8).EnumerateObject())
        {
            row[property.Name] = ReadValue(property.Value);
        }

        return (element.GetProperty("table"u8).GetString()!, row);
    }

    static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStartObject();
                json.WriteString("type"u8, value switch { long => "long", double => "double", DateTimeOffset => "time", Guid => "guid", _ => "bytes" });
                json.WriteString("value"u8, value switch
                {
                    DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
                    byte[] bytes => Convert.ToBase64String(bytes),
                    _ => Convert.ToString(value, CultureInfo.InvariantCulture),
                });
                json.WriteEndObject();
                break;
        }
    }

    static object ReadValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Number:
                return value.GetInt32();
            default:
                var text = value.GetProperty("value"u8).GetString()!;
                return value.GetProperty("type"u8).GetString() switch
                {
                    "long" => long.Parse(text, CultureInfo.InvariantCulture),
                    "double" => double.Parse(text, CultureInfo.InvariantCulture),
                    "time" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
                    "guid" => Guid.Parse(text),
                    _ => Convert.FromBase64String(text),
                };
        }
    }
}
