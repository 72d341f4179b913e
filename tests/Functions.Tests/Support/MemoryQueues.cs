using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Support;

/// <summary>Keeps what was sent, and delivers it to the queue's function through the real envelope endpoint in memory.</summary>
public sealed class MemoryQueues(TimeProvider clock) : IMessageSender
{
    const int BatchSize = 32;

    readonly Dictionary<string, List<BrokerMessage>> queues = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    /// <summary>Called before a message is stored; throw to refuse it.</summary>
    public Action<string, ReadOnlyMemory<byte>>? BeforeSend { get; set; }

    /// <summary>What a function with the input <c>durableClient</c> gets.</summary>
    public string? Client { get; set; }

    /// <summary>Removes the oldest message and gives it; null when none waits.</summary>
    public BrokerMessage? Take(string queue)
    {
        lock (gate)
        {
            var first = Queue(queue).FirstOrDefault();
            Queue(queue).Remove(first!);
            return first;
        }
    }

    /// <summary>What waits in a queue, oldest first.</summary>
    public IReadOnlyList<BrokerMessage> Waiting(string queue)
    {
        lock (gate)
        {
            return [.. Queue(queue)];
        }
    }

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeSend?.Invoke(queue, body);
        body.Length.ShouldBeLessThanOrEqualTo(MessageLimits.MaxBodyBytes);
        var now = clock.GetUtcNow();
        lock (gate)
        {
            Queue(queue).Add(new BrokerMessage(messageId, body.ToArray(), 0, now, now.AddDays(7), now, "receipt"));
        }

        return Task.CompletedTask;
    }

    Task<long?> IMessageSender.CountAsync(string queue, CancellationToken cancellationToken) => Task.FromResult<long?>(Waiting(queue).Count);

    /// <summary>Puts a message of any content on a queue, as a native sender can.</summary>
    public Task SendTextAsync(string queue, string body) => SendAsync(queue, System.Text.Encoding.UTF8.GetBytes(body), Guid.NewGuid().ToString("N"), default);

    /// <summary>Delivers up to 32 messages at once. On anything but 200 they stay, with a higher delivery count.</summary>
    /// <returns>How many were delivered, and the endpoint's status (200 when nothing waited).</returns>
    public async Task<(int Messages, int Status)> DeliverAsync(TestApp app, string queue)
    {
        var function = app.Functions.Single(f => f.Trigger is QueueTrigger trigger && trigger.Queue == queue);
        List<BrokerMessage> batch;
        lock (gate)
        {
            var waiting = Queue(queue);
            batch = [.. waiting.Take(BatchSize).Select(message => message with { DeliveryCount = message.DeliveryCount + 1 })];
            waiting.RemoveRange(0, batch.Count);
        }

        if (batch.Count == 0)
        {
            return (0, 200);
        }

        var (status, _, _) = await app.Services.GetRequiredService<InMemoryPipeline>().InvokeAsync(function.Name, Envelopes.Many(function, batch, clock.GetUtcNow(), Client), "test", default);
        if (status != 200)
        {
            lock (gate)
            {
                Queue(queue).InsertRange(0, batch);
            }
        }

        return (batch.Count, status);
    }

    /// <summary>Delivers until every queue that has a function is empty. A failing delivery fails the test.</summary>
    public async Task DeliverAllAsync(TestApp app)
    {
        var queuesWithFunction = app.Functions.Select(f => f.Trigger).OfType<QueueTrigger>().Select(trigger => trigger.Queue).ToList();
        for (var round = 0; queuesWithFunction.Exists(queue => Waiting(queue).Count > 0); round++)
        {
            round.ShouldBeLessThan(1000, "messages keep coming");
            foreach (var queue in queuesWithFunction)
            {
                (await DeliverAsync(app, queue)).Status.ShouldBe(200, $"delivery of {queue}");
            }
        }
    }

    List<BrokerMessage> Queue(string name)
    {
        if (!queues.TryGetValue(name, out var messages))
        {
            queues[name] = messages = [];
        }

        return messages;
    }
}
