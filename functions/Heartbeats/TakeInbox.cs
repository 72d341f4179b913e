using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>Hands what was accepted to the room of its envelope kind, and sets aside what cannot be used.</summary>
public sealed class TakeInbox(IEnumerable<IInboxHandler> handlers, BlobClient blobs, DeadLetters deadLetters, TimeProvider clock)
{
    /// <summary>A message that was delivered so often is set aside.</summary>
    public const int MaxDeliveries = 50;

    readonly Dictionary<string, IInboxHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapTrigger(nameof(TakeInbox), (invocation, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<TakeInbox>().HandleAsync(QueueMessage.ReadAll(invocation, "messages"), cancellationToken));

    public async Task HandleAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        var read = new List<Taken>();
        foreach (var message in messages)
        {
            if (await ReadAsync(message, cancellationToken) is { } taken)
            {
                read.Add(taken);
            }
        }

        foreach (var group in read.GroupBy(taken => (taken.Kind, taken.Message.Tenant)))
        {
            foreach (var refused in await _handlers[group.Key.Kind].HandleAsync(group.Key.Tenant, [.. group.Select(taken => taken.Message)], cancellationToken))
            {
                var taken = group.First(taken => taken.Message == refused.Message);
                await SetAsideAsync(taken.Source, group.Key.Tenant, group.Key.Kind, refused.Reason, cancellationToken);
                read.RemoveAll(other => other.Kind == taken.Kind && other.Message.Tenant == taken.Message.Tenant && other.Message.Id == taken.Message.Id);
            }
        }

        foreach (var taken in read.Where(taken => taken.HasBlob))
        {
            await blobs.DeleteAsync(Inbox.Container, Inbox.NameOf(taken.Message.Tenant, taken.Message.Id), cancellationToken);
        }
    }

    /// <summary>Null when the message was set aside, or was counted at an earlier delivery.</summary>
    async Task<Taken?> ReadAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var (tenant, kind) = (Tenant.Main, InboxItem.Kind);
        try
        {
            if (message.DeliveryCount > MaxDeliveries)
            {
                throw new FormatException($"Delivered {message.DeliveryCount} times without success.");
            }

            var envelope = Envelope.Read(JsonDocument.Parse(message.Body).RootElement);
            if (!Tenant.IsId(envelope.Tenant) || !JobStore.IsId(envelope.RequestId))
            {
                throw new FormatException("The message has no valid tenant or request id.");
            }

            if (!_handlers.ContainsKey(envelope.Kind))
            {
                throw new FormatException("Nothing here takes messages of this kind; a newer version may have sent it.");
            }

            Traces.Link(envelope.Traceparent);
            (tenant, kind) = (envelope.Tenant, envelope.Kind);
            var items = envelope.Items;
            if (envelope.Blob is { } blob)
            {
                var name = Inbox.NameOf(tenant, envelope.RequestId);
                if (blob != $"{Inbox.Container}/{name}")
                {
                    throw new FormatException("The message names a blob that is not its own.");
                }

                if (await blobs.GetAsync(Inbox.Container, name, cancellationToken) is not { } content)
                {
                    // It was stored before the message was sent, and is deleted only after all of it has been counted.
                    return null;
                }

                items = JsonDocument.Parse(content.Content).RootElement;
            }

            return new Taken(kind, message, new InboxMessage(envelope.RequestId, tenant, [.. items.EnumerateArray()]), envelope.Blob is not null);
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException)
        {
            await SetAsideAsync(message, tenant, kind, problem.Message, cancellationToken);
            return null;
        }
    }

    Task SetAsideAsync(QueueMessage message, string tenant, string kind, string reason, CancellationToken cancellationToken) => deadLetters.AddAsync(
        new DeadLetter(tenant, Inbox.Queue, kind, reason, message.MessageId, Encoding.UTF8.GetBytes(message.Body), clock.GetUtcNow(), message.DeliveryCount), cancellationToken);

    sealed record Taken(string Kind, QueueMessage Source, InboxMessage Message, bool HasBlob);
}
