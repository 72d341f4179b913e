using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>Brings what was accepted into the event log and to the consumer of its kind.</summary>
public sealed class TakeInbox(IEnumerable<IInboxConsumer> consumers, EventLog log, BlobClient blobs, DeadLetters deadLetters, TimeProvider clock)
{
    /// <summary>A message that was delivered so often is set aside.</summary>
    public const int MaxDeliveries = 50;

    readonly Dictionary<string, IInboxConsumer> _consumers = consumers.ToDictionary(consumer => consumer.Kind, StringComparer.Ordinal);

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

        foreach (var group in read.GroupBy(message => (message.Tenant, message.Consumer)))
        {
            var (tenant, consumer) = group.Key;
            var items = group.SelectMany(message => message.Items.Select(item => (message.Content.Id, item.ReceivedAt, item.Json)));
            await log.AppendItemsAsync(tenant, consumer.LogKind, items, cancellationToken);
            // A sender that lost the answer has sent it again, and both may be in one batch.
            InboxMessage[] once = [.. group.Select(message => message.Content).DistinctBy(message => message.Id, StringComparer.Ordinal)];
            await consumer.ApplyAsync(tenant, once, clock.GetUtcNow(), cancellationToken);
        }

        foreach (var message in read.Where(message => message.HasBlob))
        {
            await blobs.DeleteAsync(Inbox.Container, Inbox.NameOf(message.Tenant, message.Content.Id), cancellationToken);
        }
    }

    /// <summary>Null when the message was set aside, or was counted at an earlier delivery.</summary>
    async Task<Taken?> ReadAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var (tenant, kind) = (Tenant.Main, "");
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

            Traces.Link(envelope.Traceparent);
            (tenant, kind) = (envelope.Tenant, envelope.Kind);
            if (!_consumers.TryGetValue(kind, out var consumer))
            {
                throw new FormatException("Nothing here takes messages of this kind.");
            }

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

            var given = consumer.Read(items);
            return new Taken(tenant, consumer, new InboxMessage(envelope.RequestId, given), [.. items.EnumerateArray().Select(item => (ReceivedAt(item), item))], envelope.Blob is not null);
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException)
        {
            var body = Encoding.UTF8.GetBytes(message.Body);
            await deadLetters.AddAsync(new DeadLetter(tenant, Inbox.Queue, kind, problem.Message, message.MessageId, body, clock.GetUtcNow(), message.DeliveryCount), cancellationToken);
            return null;
        }
    }

    /// <summary>Unix milliseconds.</summary>
    static long ReceivedAt(JsonElement item) =>
        item.TryGetProperty("r"u8, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var at) && at is >= 0 and <= InboxItem.Latest
            ? at
            : throw new FormatException("An item of the message has no time of receipt.");

    sealed record Taken(string Tenant, IInboxConsumer Consumer, InboxMessage Content, IReadOnlyList<(long ReceivedAt, JsonElement Json)> Items, bool HasBlob);
}
