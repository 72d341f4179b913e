using Google.Protobuf.WellKnownTypes;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Brings events to instances: the row first, then the message that has it looked at. Anything here may be done twice.</summary>
sealed class DurableMail(DurableStore store, IMessageSender queue, WakeLater wake, TimeProvider clock)
{
    /// <summary>Of the due rows: timers, and a look at instances whose first message may have been lost.</summary>
    public const string DueKind = "durable";

    /// <summary>A larger input, result or event is refused.</summary>
    public const int MaxText = 400_000;

    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>Set by the pump, which then looks at once.</summary>
    public Action Sent { get; set; } = () => { };

    public async Task SendAsync(DurableMessage message, CancellationToken cancellationToken)
    {
        await queue.SendAsync(DurableMessage.Queue, message.ToBytes(), $"{message.Id}~{message.Task}", cancellationToken);
        Sent();
    }

    public async Task BringAsync(string id, string rowKey, HistoryEvent arrived, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        arrived.EventId = -1;
        arrived.Timestamp = Timestamp.FromDateTimeOffset(now);
        await store.ArriveAsync(id, new Arrival(rowKey, now, arrived), cancellationToken);
        await SendAsync(new DurableMessage(id), cancellationToken);
    }

    /// <summary>False when the id runs already, for somebody else. A child that its parent starts again is only looked at.</summary>
    public async Task<bool> StartAsync(string id, string name, string? input, ParentInstance? parent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var made = new DurableInstance(id, name, Keys.NewId(now), OrchestrationStatus.Pending, now, now) { Parent = parent };
        var started = new Arrival(DurableKeys.Started(made.ExecutionId), now, Turn.StartedEvent(made, input, now));
        if (parent is null)
        {
            // A crash between the rows and the message would leave it pending for ever. A child is started again by its parent.
            await wake(DueKind, made.Tenant, id, now + LookAgain, cancellationToken);
        }

        if (!await store.CreateAsync(made, started, over: null, cancellationToken))
        {
            var before = await store.FindAsync(id, cancellationToken);
            var isBegun = parent is not null && parent.Equals(before?.Parent);
            if (!isBegun && (before is not { IsFinished: true } || !await store.CreateAsync(made, started, before, cancellationToken)))
            {
                return false;
            }
        }

        await SendAsync(new DurableMessage(id), cancellationToken);
        return true;
    }

    /// <summary>A due row of <see cref="DueKind"/> has come due.</summary>
    /// <param name="item">An instance, or instance ~ execution ~ timer.</param>
    public Task WakeAsync(string item, DateTimeOffset at, CancellationToken cancellationToken) =>
        item.Split('~') is [var id, var execution, var timer] && int.TryParse(timer, out var number)
            ? BringAsync(id, DurableKeys.Task(execution, number), Fired(number, at), cancellationToken)
            : SendAsync(new DurableMessage(item), cancellationToken);

    public static HistoryEvent Fired(int timer, DateTimeOffset at) => new() { TimerFired = new TimerFired { TimerId = timer, FireAt = Timestamp.FromDateTimeOffset(at) } };
}
