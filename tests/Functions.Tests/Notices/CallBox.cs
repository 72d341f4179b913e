using System.Collections.Concurrent;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Notices;

/// <summary>Keeps messages until the test takes them.</summary>
public sealed class CallBox : IMessageSender
{
    readonly ConcurrentQueue<ReadOnlyMemory<byte>> bodies = new();

    /// <summary>Called before a message is stored; throw to refuse it.</summary>
    public Action? BeforeSend { get; set; }

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken)
    {
        BeforeSend?.Invoke();
        queue.ShouldBe("notices");
        body.Length.ShouldBeLessThanOrEqualTo(MessageLimits.MaxBodyBytes);
        bodies.Enqueue(body);
        return Task.CompletedTask;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> TakeAll()
    {
        var all = new List<ReadOnlyMemory<byte>>();
        while (bodies.TryDequeue(out var body))
        {
            all.Add(body);
        }

        return all;
    }
}
