using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Notices;

namespace Watchdesk.Configuration;

/// <summary>Due rows of what a replay has brought back and nobody walks: daily digests, and the ends of silences.</summary>
public static class ReplayDues
{
    public static ReplayPart Of(ReplayTarget into)
    {
        ArgumentNullException.ThrowIfNull(into);
        return new ReplayPart(async (tenant, now, cancellationToken) =>
        {
            var silences = await SilenceStore.OwedAsync(into.Tables, tenant, cancellationToken);
            var digests = await ChannelDigests.OwedAsync(into.Tables, tenant, now, cancellationToken);
            await into.Due.AddAsync([.. silences, .. digests], now, cancellationToken);
        });
    }
}
