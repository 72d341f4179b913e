using System.Buffers;
using System.Text.Json;

namespace Watchdesk.Clients;

/// <summary>The body of every queue message: <c>{"envelope":{"v":1,"kind","tenant","requestId","traceparent","items":[…]|"blob"}}</c>.</summary>
/// <param name="Items">A JSON array; undefined when the items are in the blob.</param>
/// <param name="Blob">Container and name of the blob that holds the items, as <c>container/name</c>.</param>
public sealed record Envelope(string Kind, string Tenant, string RequestId, string? Traceparent, JsonElement Items, string? Blob)
{
    public const int Version = 1;

    /// <summary>Writes a message whose items are already JSON.</summary>
    /// <param name="items">The text of a JSON array; ignored when <paramref name="blob"/> is given.</param>
    public static byte[] Write(string kind, string tenant, string requestId, string? traceparent, ReadOnlySpan<byte> items, string? blob = null)
    {
        var buffer = new ArrayBufferWriter<byte>(items.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("envelope"u8);
            json.WriteNumber("v"u8, Version);
            json.WriteString("kind"u8, kind);
            json.WriteString("tenant"u8, tenant);
            json.WriteString("requestId"u8, requestId);
            if (traceparent is not null)
            {
                json.WriteString("traceparent"u8, traceparent);
            }

            if (blob is not null)
            {
                json.WriteString("blob"u8, blob);
            }
            else
            {
                json.WritePropertyName("items"u8);
                json.WriteRawValue(items, skipInputValidation: true);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">The body is not such a message; the text says what is wrong.</exception>
    public static Envelope Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("envelope"u8, out var envelope) || envelope.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The message has no object named envelope.");
        }

        if (!envelope.TryGetProperty("v"u8, out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var v) || v != Version)
        {
            throw new FormatException($"The message is not of version {Version}.");
        }

        var items = envelope.TryGetProperty("items"u8, out var array) ? array : default;
        var blob = Text("blob"u8);
        if (blob is null && items.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("The message has neither items nor a blob.");
        }

        return new Envelope(Text("kind"u8) ?? throw Missing("kind"), Text("tenant"u8) ?? throw Missing("tenant"), Text("requestId"u8) ?? "", Text("traceparent"u8), items, blob);

        string? Text(ReadOnlySpan<byte> name) =>
            envelope.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        static FormatException Missing(string name) => new($"The message has no {name}.");
    }
}
