using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Configuration;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Metrics;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

/// <summary>As <c>watchdesk replay</c> does it, from the log of a desk.</summary>
static class Replaying
{
    public static Task<Replayed> RunAsync(TestApp of, ITables tables, BlobClient blobs, DateTimeOffset from, DateTimeOffset to)
    {
        var into = new ReplayTarget(tables, blobs, of.Services.GetRequiredService<IOptions<DeskOptions>>(), of.Clock);
        return new Replay(of.Services.GetRequiredService<BlobClient>(), into, [MetricsFeature.Replay(into), ReplayMails.Of(into), ReplayDues.Of(into)]).RunAsync(from, to, default);
    }
}
