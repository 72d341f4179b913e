using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>A message of the queue <c>inbox</c> whose items are known to be good.</summary>
/// <param name="Id">The same at every delivery.</param>
/// <param name="Items">What the consumer read from it.</param>
public sealed record InboxMessage(string Id, object Items);

/// <summary>Takes the messages of one envelope kind. Every item has <c>e</c> or <c>id</c>, its id, and <c>r</c>, when it was received in Unix milliseconds.</summary>
public interface IInboxConsumer
{
    string Kind { get; }

    /// <summary>The word for one item in the event log.</summary>
    string LogKind { get; }

    /// <exception cref="FormatException">An item is not of this kind: the message becomes a dead letter.</exception>
    object Read(JsonElement items);

    /// <summary>Applies messages of one tenant. A message that comes again, whole or after a crash, is counted once.</summary>
    Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken);
}
