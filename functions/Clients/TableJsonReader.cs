using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Clients;

/// <summary>Rows as they come from the table service: OData JSON with minimal metadata.</summary>
static class TableJsonReader
{
    const int MaxKnownNames = 4096;

    /// <summary>Property names repeat in every row: one string each.</summary>
    static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);
    static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> NamesBySpan = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The entity of a point read.</summary>
    public static TableRow ReadRow(ReadOnlySpan<byte> body, string partitionKey, string rowKey, string? etag)
    {
        var reader = new Utf8JsonReader(body);
        Expect(ref reader, JsonTokenType.StartObject);
        return ReadRow(ref reader, partitionKey, rowKey, etag);
    }

    /// <summary>The entities of a query's page.</summary>
    public static List<TableRow> ReadRows(ReadOnlySpan<byte> body, string partitionKey)
    {
        var rows = new List<TableRow>();
        var reader = new Utf8JsonReader(body);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("value"u8))
            {
                reader.Skip();
                continue;
            }

            Expect(ref reader, JsonTokenType.StartArray);
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                rows.Add(ReadRow(ref reader, partitionKey, null, null));
            }
        }

        return rows;
    }

    static TableRow ReadRow(ref Utf8JsonReader reader, string partitionKey, string? rowKey, string? etag)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            reader.Read();
            if (name.EndsWith("@odata.type", StringComparison.Ordinal))
            {
                type = reader.GetString();
                continue;
            }

            switch (name)
            {
                case "odata.etag":
                    etag ??= reader.GetString();
                    break;
                case "RowKey":
                    rowKey ??= reader.GetString();
                    break;
                case "PartitionKey" or "Timestamp":
                    break;
                default:
                    if (!name.StartsWith("odata.", StringComparison.Ordinal) && Value(ref reader, type) is { } value)
                    {
                        values[name] = value;
                    }

                    break;
            }

            type = null;
        }

        return new TableRow(partitionKey, rowKey ?? throw new JsonException("A row came without its RowKey."), etag) { Values = values };
    }

    /// <summary>The type's annotation stands before the property; without one JSON's own type holds.</summary>
    static object? Value(ref Utf8JsonReader reader, string? type) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => type switch
        {
            "Edm.Double" => reader.GetDouble(),
            "Edm.Int64" => (object)reader.GetInt64(),
            _ => reader.TryGetInt32(out var number) ? (object)number : reader.GetDouble(),
        },
        JsonTokenType.String => type switch
        {
            "Edm.Int64" => (object)long.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
            "Edm.Double" => double.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
            "Edm.DateTime" => reader.GetDateTimeOffset().ToUniversalTime(),
            "Edm.Guid" => reader.GetGuid(),
            "Edm.Binary" => reader.GetBytesFromBase64(),
            _ => reader.GetString(),
        },
        _ => throw new JsonException($"A property is a {reader.TokenType}."),
    };

    static string Name(ref Utf8JsonReader reader)
    {
        var length = reader.ValueSpan.Length;
        if (length > 256)
        {
            return reader.GetString()!;
        }

        Span<char> text = stackalloc char[length];
        text = text[..reader.CopyString(text)];
        if (NamesBySpan.TryGetValue(text, out var known))
        {
            return known;
        }

        var name = text.ToString();
        return Names.Count < MaxKnownNames ? Names.GetOrAdd(name, name) : name;
    }

    static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException($"Expected {type}, met {reader.TokenType}.");
        }
    }
}
