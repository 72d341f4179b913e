using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>A message as a broker hands it to a trigger.</summary>
public sealed record BrokerMessage(string Id, byte[] Body, int DeliveryCount, DateTimeOffset InsertedAt, DateTimeOffset ExpiresAt, DateTimeOffset NextVisibleAt, string PopReceipt)
{
    /// <summary>Replaces what is not UTF-8, as the host does.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Writes the envelope of an invocation byte for byte by the encoding table of the contract (4.2 to 4.5).</summary>
public static class Envelopes
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <param name="status">Null when the host keeps none, as for schedules under a minute.</param>
    public static ReadOnlyMemory<byte> Timer(FunctionDefinition function, bool isPastDue, TimerStatus? status, DateTimeOffset now) => Write(function, now, json =>
    {
        json.WriteStartObject(function.Trigger.Binding);
        json.WriteStartObject("Schedule"u8);
        json.WriteBoolean("AdjustForDST"u8, true);
        json.WriteEndObject();
        if (status is null)
        {
            json.WriteNull("ScheduleStatus"u8);
        }
        else
        {
            json.WriteStartObject("ScheduleStatus"u8);
            json.WriteString("Last"u8, Date(status.Last));
            json.WriteString("Next"u8, Date(status.Next));
            json.WriteString("LastUpdated"u8, Date(status.LastUpdated));
            json.WriteEndObject();
        }

        json.WriteBoolean("IsPastDue"u8, isPastDue);
        json.WriteEndObject();
    }, _ => { });

    /// <exception cref="JsonException">Without dataType, one body that is not JSON fails the batch.</exception>
    /// <param name="client">For a function that has the input <c>durableClient</c>.</param>
    public static ReadOnlyMemory<byte> Many(FunctionDefinition function, IReadOnlyList<BrokerMessage> messages, DateTimeOffset now, string? client = null)
    {
        var trigger = (QueueTrigger)function.Trigger;
        return Write(function, now, json =>
        {
            WriteArray(json, trigger.Binding, messages, (inner, message) => WriteBody(inner, message, trigger.AsText));
            if (function.ClientBinding is { } binding && client is not null)
            {
                json.WriteString(binding, Quoted(client));
            }
        }, json =>
        {
            WriteArray(json, "DeliveryCountArray", messages, static (inner, message) => inner.WriteNumberValue(message.DeliveryCount));
            WriteArray(json, "MessageIdArray", messages, static (inner, message) => inner.WriteStringValue(message.Id));
            WriteArray(json, "EnqueuedTimeUtcArray", messages, static (inner, message) => inner.WriteStringValue(Date(message.InsertedAt)));
            WriteArray(json, "ApplicationPropertiesArray", messages, static (inner, _) => WriteEmptyObject(inner));
        });
    }

    public static ReadOnlyMemory<byte> One(FunctionDefinition function, BrokerMessage message, DateTimeOffset now)
    {
        var trigger = (QueueTrigger)function.Trigger;
        var merged = MergedMetadata.Of(message.Body);
        return Write(function, now, json => WriteOneBody(json, trigger, message), json =>
        {
            if (trigger.IsServiceBus)
            {
                WriteMerged("DeliveryCount", () => json.WriteString("DeliveryCount"u8, message.DeliveryCount.ToString(CultureInfo.InvariantCulture)));
                WriteMerged("MessageId", () => json.WriteString("MessageId"u8, Quoted(message.Id)));
                WriteMerged("EnqueuedTimeUtc", () => json.WriteString("EnqueuedTimeUtc"u8, Date(message.InsertedAt)));
            }
            else
            {
                WriteMerged("DequeueCount", () => json.WriteString("DequeueCount"u8, message.DeliveryCount.ToString(CultureInfo.InvariantCulture)));
                WriteMerged("Id", () => json.WriteString("Id"u8, Quoted(message.Id)));
                WriteMerged("PopReceipt", () => json.WriteString("PopReceipt"u8, Quoted(message.PopReceipt)));
                WriteMerged("InsertionTime", () => json.WriteString("InsertionTime"u8, Date(message.InsertedAt)));
                WriteMerged("ExpirationTime", () => json.WriteString("ExpirationTime"u8, Date(message.ExpiresAt)));
                WriteMerged("NextVisibleTime", () => json.WriteString("NextVisibleTime"u8, Date(message.NextVisibleAt)));
            }

            foreach (var (name, value) in merged)
            {
                value.Write(json, name);
            }

            void WriteMerged(string name, Action write)
            {
                if (!merged.ContainsKey(name))
                {
                    write();
                }
            }
        });
    }

    /// <summary>JSON text of a text: what goes inside the outer JSON string.</summary>
    internal static string Quoted(string text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static ReadOnlyMemory<byte> Write(FunctionDefinition function, DateTimeOffset now, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteStartObject("Data"u8);
            data(json);
            json.WriteEndObject();
            json.WriteStartObject("Metadata"u8);
            metadata(json);
            json.WriteStartObject("sys"u8);
            json.WriteString("MethodName"u8, function.Name);
            json.WriteString("UtcNow"u8, now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            json.WriteString("RandGuid"u8, Guid.CreateVersion7(now));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>An array is JSON text inside a JSON string.</summary>
    static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<BrokerMessage> messages, Action<Utf8JsonWriter, BrokerMessage> element)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var inner = new Utf8JsonWriter(buffer, Plain))
        {
            inner.WriteStartArray();
            foreach (var message in messages)
            {
                element(inner, message);
            }

            inner.WriteEndArray();
        }

        json.WriteString(name, buffer.WrittenSpan);
    }

    static void WriteBody(Utf8JsonWriter inner, BrokerMessage message, bool asText)
    {
        if (asText)
        {
            inner.WriteStringValue(message.Text);
            return;
        }

        using var document = JsonDocument.Parse(message.Body);
        document.RootElement.WriteTo(inner);
    }

    /// <summary>Without dataType an object arrives as an object, all else as JSON text inside a JSON string.</summary>
    static void WriteOneBody(Utf8JsonWriter json, QueueTrigger trigger, BrokerMessage message)
    {
        if (!trigger.AsText && MergedMetadata.TryParse(message.Body, out var body))
        {
            json.WritePropertyName(trigger.Binding);
            if (body.ValueKind == JsonValueKind.Object)
            {
                body.WriteTo(json);
            }
            else
            {
                json.WriteStringValue(body.GetRawText());
            }
        }
        else
        {
            json.WriteString(trigger.Binding, Quoted(message.Text));
        }
    }

    static void WriteEmptyObject(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    /// <summary>Sub-seconds are lost on the way.</summary>
    static string Date(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>What a timer's envelope tells of its schedule.</summary>
public sealed record TimerStatus(DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);
