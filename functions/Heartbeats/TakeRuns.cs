using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Heartbeats;

/// <summary>Brings accepted run events into the event log and the state of their jobs.</summary>
public sealed class TakeRuns(ApplyEvents apply, EventLog log, TimeProvider clock) : IInboxHandler
{
    public string Kind => InboxItem.Kind;

    public async Task<IReadOnlyList<RefusedMessage>> HandleAsync(string tenant, IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedMessage>();
        var taken = new List<(string Id, (RunEvent Event, JsonElement Item)[] Events)>(messages.Count);
        foreach (var message in messages)
        {
            try
            {
                taken.Add((message.Id, [.. message.Items.Select(item => (InboxItem.Read(item), item))]));
            }
            catch (Exception problem) when (problem is FormatException or InvalidOperationException)
            {
                refused.Add(new RefusedMessage(message, problem.Message));
            }
        }

        if (taken.Count > 0)
        {
            await log.AppendItemsAsync(tenant, "run", taken.SelectMany(message => message.Events.Select(e => (message.Id, e.Event.ReceivedAt, e.Item))), cancellationToken);
            await apply.ApplyAsync(tenant, [.. taken.Select(message => new RunMessage(message.Id, [.. message.Events.Select(e => e.Event)]))], clock.GetUtcNow(), cancellationToken);
        }

        return refused;
    }
}
