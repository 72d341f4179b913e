using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>The empty store that a replay fills.</summary>
public sealed record ReplayTarget(ITables Tables, BlobClient Blobs, IOptions<DeskOptions> Options, TimeProvider Clock)
{
    public DueIndex Due { get; } = new(Tables, Options, Clock);
}

/// <summary>What a room does in a replay; its logged rows are written without it.</summary>
/// <param name="End">What follows from all that was written for a tenant, in the end.</param>
/// <param name="Items">Applies its logged items, if it has any. Tells nobody.</param>
/// <param name="Changed">After logged rows were written: tenant and table.</param>
public sealed record ReplayPart(
    Func<string, DateTimeOffset, CancellationToken, Task> End,
    IInboxConsumer? Items = null,
    Func<string, string, CancellationToken, Task>? Changed = null);
