using System.Diagnostics;
using System.Diagnostics.Metrics;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Heartbeats;

/// <summary>Everything that comes in by itself is accepted here: stored when the call returns, applied later.</summary>
public sealed class Inbox(IMessageSender sender, BlobClient blobs, TimeProvider clock)
{
    public const string Queue = "inbox";
    public const string Container = "inbox";

    /// <summary>An item whose JSON is longer goes to a blob first.</summary>
    public const int MaxItemBytes = 32 * 1024;

    internal static readonly Counter<long> Accepted =
        new Meter(Telemetry.MeterName).CreateCounter<long>("watchdesk.events.accepted", description: "Pings and run events that were stored.");

    readonly GroupCommit _commit = new(sender, clock);

    /// <summary>Accepts one event, its text in a blob when it is long.</summary>
    public async Task AcceptAsync(string tenant, RunEvent e, CancellationToken cancellationToken)
    {
        var item = InboxItem.ToJson(e);
        if (item.Length > MaxItemBytes)
        {
            var name = MessageNameOf(tenant, e.Id);
            await blobs.PutAsync(Container, name, System.Text.Encoding.UTF8.GetBytes(e.Message ?? ""), "text/plain; charset=utf-8", cancellationToken);
            item = InboxItem.ToJson(e, messageBlob: $"{Container}/{name}");
        }

        await _commit.AcceptAsync(tenant, InboxItem.Kind, item.Span);
    }

    /// <summary>Accepts a whole request: in the shared message when it fits, else as one blob and one message.</summary>
    public async Task AcceptManyAsync(string tenant, string kind, ReadOnlyMemory<byte> items, CancellationToken cancellationToken)
    {
        if (items.Length + 2 <= GroupCommit.MaxItemsBytes)
        {
            await _commit.AcceptAsync(tenant, kind, items.Span);
            return;
        }

        var id = Keys.NewId(clock.GetUtcNow());
        byte[] array = [(byte)'[', .. items.Span, (byte)']'];
        await blobs.PutAsync(Container, NameOf(tenant, id), array, "application/json", cancellationToken);
        await sender.SendAsync(Queue, Envelope.Write(kind, tenant, id, Activity.Current?.Id, default, $"{Container}/{NameOf(tenant, id)}"), id, cancellationToken);
    }

    /// <summary>The blob with the items of a message that does not hold them itself.</summary>
    public static string NameOf(string tenant, string requestId) => $"{tenant}/{requestId}.json";

    /// <summary>The blob with the message of an event that does not hold it itself.</summary>
    public static string MessageNameOf(string tenant, string eventId) => $"{tenant}/{eventId}.txt";
}
