using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>A work item in the queue <c>durable</c>: look at an instance, or first run an activity of it.</summary>
/// <param name="Activity">Null to only look.</param>
/// <param name="Input">Null also when it is too large for a message; then it stands in a row.</param>
sealed record DurableMessage(string Id, string? Activity = null, string? Execution = null, int Task = -1, string? Input = null)
{
    public const string Queue = "durable";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, DurableMessageJson.Default.DurableMessage);

    /// <summary>Null when it is not ours.</summary>
    public static DurableMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, DurableMessageJson.Default.DurableMessage) is { Id.Length: > 0 } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DurableMessage))]
sealed partial class DurableMessageJson : JsonSerializerContext;
