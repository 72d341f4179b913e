using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// The wrapper around every input, <c>{"env":{…,"value":…}}</c>: the host merges an input's own names into the metadata of the
/// invocation, and gives neither a task id nor a version.
/// </summary>
static class DurableJson
{
    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    public static T? Read<T>(string? json, JsonTypeInfo<T> type) => json is null ? default : JsonSerializer.Deserialize(json, type);

    /// <summary>Input of an orchestration with the version that it starts with.</summary>
    public static string Start(string valueJson, int version) => Wrap(valueJson, json => json.WriteNumber("version"u8, version));

    public static string Call(string valueJson, ActivityContext context) => Wrap(valueJson, json =>
    {
        json.WriteString("instanceId"u8, context.InstanceId);
        json.WriteString("executionId"u8, context.ExecutionId);
        json.WriteNumber("taskId"u8, context.TaskId);
        json.WriteNumber("attempt"u8, context.Attempt);
        json.WriteString("key"u8, context.IdempotencyKey);
    });

    /// <summary>The wrapper, or null when the input came from somebody who does not write it.</summary>
    public static JsonElement? Envelope(string? json)
    {
        if (json is null)
        {
            return null;
        }

        var root = JsonElement.Parse(json);
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("env"u8, out var env) && env.ValueKind == JsonValueKind.Object && env.TryGetProperty("value"u8, out _) ? env : null;
    }

    /// <summary>A result that survives the host unchanged: an object, so no date and no base64.</summary>
    public static string Result(string valueJson) => $$"""{"ok":true,"value":{{valueJson}}}""";

    public static string Error(TaskFailure failure) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok"u8, false);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, failure.Type);
        json.WriteString("message"u8, failure.Message);
        json.WriteBoolean("retriable"u8, !failure.IsNonRetriable);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Takes <see cref="Result"/> or <see cref="Error"/> apart: the host has made a JSON text of the text.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static (string? Value, TaskFailure? Failure) Outcome(string? result)
    {
        if (result is null)
        {
            return (null, null);
        }

        var root = JsonElement.Parse(result);
        root = root.ValueKind == JsonValueKind.String ? JsonElement.Parse(root.GetString()!) : root;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error"u8, out var error))
        {
            return (null, new TaskFailure(error.GetProperty("type"u8).GetString()!, error.GetProperty("message"u8).GetString()!, !error.GetProperty("retriable"u8).GetBoolean()));
        }

        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("value"u8, out var value)
            ? (value.GetRawText(), null)
            : throw new JsonException("An activity's result is not one of ours.");
    }

    /// <summary>The body of an answer to the host.</summary>
    public static byte[] Answer(string returnValue) =>
        Encoding.UTF8.GetBytes(Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("ReturnValue"u8, returnValue);
            json.WriteEndObject();
        }));

    public static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static string Wrap(string valueJson, Action<Utf8JsonWriter> write) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("env"u8);
        write(json);
        json.WritePropertyName("value"u8);
        json.WriteRawValue(valueJson);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
