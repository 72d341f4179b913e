using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>The due rows of channels that get a daily digest, kind <c>digest</c>, id the channel.</summary>
public sealed class ChannelDigests(DueIndex due)
{
    public const string DueKind = "digest";

    /// <summary>The due rows of stored channels whose last digest is not known: at once, since one after an absence of any length is one.</summary>
    public static async Task<IReadOnlyList<DueItem>> OwedAsync(ITables tables, string tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owed = new List<DueItem>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Channels, tenant), cancellationToken))
        {
            if (row.Text("DigestAt") is not null)
            {
                owed.Add(new DueItem(DueKind, tenant, row.RowKey, now));
            }
        }

        return owed;
    }

    /// <summary>The channel as it is to be stored. Its first digest is the next one after <paramref name="now"/>; the due row stands before the channel does.</summary>
    public async Task<Channel> BeginAsync(Channel channel, Channel? before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Digest is null || !channel.IsEnabled)
        {
            return channel;
        }

        var isGoingOn = before is { IsEnabled: true } && before.Digest == channel.Digest;
        channel = isGoingOn ? channel : channel with { DigestedAt = now };
        await AddAsync(channel, channel.DigestedAt ?? now, now, cancellationToken);
        return channel;
    }

    /// <param name="last">When its last digest was due.</param>
    public Task AddAsync(Channel channel, DateTimeOffset last, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.Digest is { } daily
            ? due.AddAsync([new DueItem(DueKind, channel.Tenant, channel.Id, daily.NextAfter(last))], now, cancellationToken)
            : Task.CompletedTask;
    }
}
