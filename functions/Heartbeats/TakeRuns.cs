using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>Run events from the inbox.</summary>
public sealed class TakeRuns(ApplyEvents apply) : IInboxConsumer
{
    public string Kind => InboxItem.Kind;

    public string LogKind => "run";

    public object Read(JsonElement items) => items.EnumerateArray().Select(InboxItem.Read).ToArray();

    public Task ApplyAsync(string tenant, IReadOnlyList<InboxMessage> messages, DateTimeOffset now, CancellationToken cancellationToken) =>
        apply.ApplyAsync(tenant, [.. messages.Select(message => new RunMessage(message.Id, (RunEvent[])message.Items))], now, cancellationToken);
}
