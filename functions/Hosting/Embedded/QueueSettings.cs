using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>What host.json says about queues, and how the embedded host holds a message.</summary>
/// <param name="BatchSize">Messages in one call, at most 32.</param>
/// <param name="RetryAfter">How long a failed message is out of sight.</param>
/// <param name="MaxDeliveries">A message that fails this often goes to the queue's poison queue.</param>
public sealed record QueueSettings(int BatchSize, TimeSpan RetryAfter, int MaxDeliveries)
{
    /// <summary>What a handler that is killed holds comes again after this; one that lives renews it.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

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

            var queues = root.TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty("queues", out var given) ? given : default;
            return new QueueSettings(
                Math.Clamp(Value("batchSize")?.GetInt32() ?? 16, 1, 32),
                TimeSpan.Parse(Value("visibilityTimeout")?.GetString() ?? "00:00:00", CultureInfo.InvariantCulture),
                Value("maxDequeueCount")?.GetInt32() ?? 5);

            JsonElement? Value(string name) => queues.ValueKind == JsonValueKind.Object && queues.TryGetProperty(name, out var value) ? value : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FunctionDefinitionException($"host.json cannot be read: {error.Message}");
        }
    }
}
