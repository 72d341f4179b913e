namespace Watchdesk.Clients;

/// <summary>Puts messages on a queue: Service Bus in Azure, the Storage queue of the same name in the embedded host.</summary>
public interface IMessageSender
{
    /// <summary>Returns when the queue has stored the message.</summary>
    /// <param name="body">UTF-8 JSON, at most <see cref="MessageLimits.MaxBodyBytes"/>.</param>
    /// <param name="messageId">For duplicate detection where the broker has it.</param>
    Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken);

    /// <summary>About how many messages there are; null where only the broker's own metrics tell, as with Service Bus.</summary>
    Task<long?> CountAsync(string queue, CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}

public static class MessageLimits
{
    /// <summary>45,000 bytes before base64, under the 49,152 that a Storage queue carries.</summary>
    public const int MaxBodyBytes = 45_000;
}
