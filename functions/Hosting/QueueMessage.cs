using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>One message of a queue trigger.</summary>
/// <param name="Body">As it was sent, usually JSON.</param>
/// <param name="DeliveryCount">1 at the first delivery; 1 also when the host did not say or a body has overwritten it.</param>
/// <param name="MessageId">The broker's id; empty when unknown. Idempotency keys come from the body.</param>
public sealed record QueueMessage(string Body, int DeliveryCount, string MessageId)
{
    /// <summary>The messages of a Service Bus or Storage queue trigger, whatever its cardinality and data type.</summary>
    /// <exception cref="InvalidRequestException">The invocation has no such binding.</exception>
    public static IReadOnlyList<QueueMessage> ReadAll(Invocation invocation, string binding)
    {
        if (!invocation.TryFind(binding, out var element))
        {
            throw new InvalidRequestException($"The invocation of {invocation.Function} has no binding named {binding}.");
        }

        return IsMany(invocation) && invocation.ReadArray(binding) is { } array ? Many(invocation, array) : [One(invocation, element)];
    }

    /// <summary>Told by the metadata, since one message whose body is an array looks the same. A body cannot forge it: arrays are not merged into metadata.</summary>
    static bool IsMany(Invocation invocation) =>
        invocation.ReadArray("MessageIdArray") is not null
        || invocation.ReadArray("DeliveryCountArray") is not null
        || !(invocation.TryFind("DeliveryCount", out _) || invocation.TryFind("DequeueCount", out _));

    static List<QueueMessage> Many(Invocation invocation, JsonElement array)
    {
        var counts = invocation.ReadNumberArray("DeliveryCountArray") ?? [];
        var ids = invocation.ReadTextArray("MessageIdArray") ?? [];
        var bodies = Invocation.TextsOf(array);
        var messages = new List<QueueMessage>(bodies.Count);
        for (var i = 0; i < bodies.Count; i++)
        {
            messages.Add(new QueueMessage(bodies[i], Count(i < counts.Count ? counts[i] : null), i < ids.Count ? ids[i] : ""));
        }

        return messages;
    }

    static QueueMessage One(Invocation invocation, JsonElement element) => new(
        Invocation.TextOf(element) ?? "",
        Count(invocation.ReadNumber("DeliveryCount") ?? invocation.ReadNumber("DequeueCount")),
        invocation.ReadText("MessageId") ?? invocation.ReadText("Id") ?? "");

    static int Count(double? value) => value is >= 1 and <= int.MaxValue ? (int)value : 1;
}
