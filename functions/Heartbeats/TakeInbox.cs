using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>Brings accepted run events into the event log and the state of their jobs.</summary>
public sealed class TakeInbox(ApplyEvents apply, EventLog log, BlobClient blobs, DeadLetters deadLetters, TimeProvider clock)
{
    /// <summary>A message that was delivered so often is set aside.</summary>
    public const int MaxDeliveries = 50;

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

        foreach (var tenant in read.GroupBy(message => message.Tenant, StringComparer.Ordinal))
        {
            var items = tenant.SelectMany(message => message.Events.Select(e => (message.Id, e.Event.ReceivedAt, e.Item)));
            await log.AppendRunsAsync(tenant.Key, items, cancellationToken);
            RunMessage[] runs = [.. tenant.Select(message => new RunMessage(message.Id, [.. message.Events.Select(e => e.Event)]))];
            await apply.ApplyAsync(tenant.Key, runs, clock.GetUtcNow(), cancellationToken);
        }

        foreach (var blob in read.Select(message => message.Blob).OfType<string>())
        {
            var (container, name) = Split(blob);
            await blobs.DeleteAsync(container, name, cancellationToken);
        }
    }

    /// <summary>Null when the message was set aside.</summary>
    async Task<Taken?> ReadAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Main;
        try
        {
            if (message.DeliveryCount > MaxDeliveries)
            {
                throw new FormatException($"Delivered {message.DeliveryCount} times without success.");
            }

            var envelope = Envelope.Read(JsonDocument.Parse(message.Body).RootElement);
            tenant = envelope.Tenant;
            var items = envelope.Items;
            if (envelope.Blob is { } blob)
            {
                var (container, name) = Split(blob);
                var content = await blobs.GetAsync(container, name, cancellationToken) ?? throw new FormatException($"The blob {blob} is gone.");
                items = JsonDocument.Parse(content.Content).RootElement;
            }

            return new Taken(envelope.RequestId, tenant, [.. items.EnumerateArray().Select(item => (InboxItem.Read(item), item))], envelope.Blob);
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException)
        {
            var body = Encoding.UTF8.GetBytes(message.Body);
            await deadLetters.AddAsync(new DeadLetter(tenant, Inbox.Queue, InboxItem.Kind, problem.Message, message.MessageId, body, clock.GetUtcNow(), message.DeliveryCount), cancellationToken);
            return null;
        }
    }

    static (string Container, string Name) Split(string blob)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? throw new FormatException($"{blob} is not container/name.") : (blob[..slash], blob[(slash + 1)..]);
    }

    sealed record Taken(string Id, string Tenant, IReadOnlyList<(RunEvent Event, JsonElement Item)> Events, string? Blob);
}
