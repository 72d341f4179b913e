using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>What host.json says about queues, and how the embedded host holds a message.</summary>
/// <param name="BatchSize">Messages that are handed over one by one at the same time, at most 32.</param>
/// <param name="ManySize">Messages in one invocation of a function that takes many, as Service Bus would hand over.</param>
/// <param name="RetryAfter">How long a failed message is out of sight.</param>
/// <param name="MaxDeliveries">A message that fails this often goes to the queue's poison queue.</param>
public sealed record QueueSettings(int BatchSize, int ManySize, TimeSpan RetryAfter, int MaxDeliveries)
{
    /// <summary>What a handler that is killed holds comes again after this; one that lives renews it.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);

    /// <exception cref="FunctionDefinitionException">host.json is not what the Functions host reads.</exception>
    public static QueueSettings Read(ReadOnlyMemory<byte> hostJson)
    {
        try
        {
            using var document = JsonDocument.Parse(hostJson);
            var root = document.RootElement;
            if (root.GetProperty("version").GetString() != "2.0")
            {
                throw new FunctionDefinitionException("host.json is not of version 2.0.");
            }

            return new QueueSettings(
                Math.Clamp(Value("queues", "batchSize")?.GetInt32() ?? 16, 1, 32),
                Math.Max(1, Value("serviceBus", "maxMessageBatchSize")?.GetInt32() ?? 1000),
                TimeSpan.Parse(Value("queues", "visibilityTimeout")?.GetString() ?? "00:00:00", CultureInfo.InvariantCulture),
                Value("queues", "maxDequeueCount")?.GetInt32() ?? 5);

            JsonElement? Value(string extension, string name) =>
                root.TryGetProperty("extensions", out var all) && all.TryGetProperty(extension, out var settings)
                && settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value) ? value : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FunctionDefinitionException($"host.json cannot be read: {error.Message}");
        }
    }
}
