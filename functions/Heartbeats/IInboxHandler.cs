using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>A message of the queue <c>inbox</c> whose envelope could be read.</summary>
/// <param name="Id">The same at every delivery.</param>
public sealed record InboxMessage(string Id, string Tenant, IReadOnlyList<JsonElement> Items);

/// <param name="Reason">A sentence for the dead letter.</param>
public sealed record RefusedMessage(InboxMessage Message, string Reason);

/// <summary>Takes the messages of one envelope kind; each room adds its own.</summary>
public interface IInboxHandler
{
    string Kind { get; }

    /// <summary>
    /// Stores what the messages of one tenant bring, and does so once however often a message is delivered. Returns those
    /// that cannot be used: they are set aside, and do not hold up the others. The same message may be there twice.
    /// </summary>
    Task<IReadOnlyList<RefusedMessage>> HandleAsync(string tenant, IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken);
}
