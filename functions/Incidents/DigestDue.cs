using Watchdesk.Incidents.Reports;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>
/// Due kind <c>digest</c>: once a day a channel that wants it is told what is still open; nothing when nothing is. After
/// an absence of any length it is one, since the id of the notice is made of the last time it was due.
/// </summary>
public sealed partial class DigestDue(IncidentLists incidents, ChannelStore channels, ChannelDigests digests, Outbox outbox, ReportDesk reports, ILogger<DigestDue> log) : IDueHandler
{
    const int PageSize = 200;
    const int MaxPages = 5;

    public string Kind => ChannelDigests.DueKind;

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) =>
        DueLooks.EachAsync(
            rows,
            row => LookAsync(row, tick.Now, cancellationToken),
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));

    /// <summary>False when the channel that the row was written for may still come.</summary>
    async Task<bool> LookAsync(DueRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await channels.GetAsync(row.Item.Tenant, row.Item.Id, cancellationToken) is not { IsEnabled: true, Digest: { } daily, DigestedAt: { } last } channel)
        {
            return !row.IsFresh(now);
        }

        var due = daily.LatestIn(last, now);
        await digests.AddAsync(channel, due ?? last, now, cancellationToken);
        if (due is { } at)
        {
            await SendAsync(channel, at, now, cancellationToken);
            await SendReportAsync(channel, at, now, cancellationToken);
            await channels.SetDigestedAsync(channel, at, cancellationToken);
        }

        return true;
    }

    async Task SendAsync(Channel channel, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = new NoticeKey(at, channel.Id, 0);
        var (open, hasMore) = await OpenAsync(channel.Tenant, cancellationToken);
        if (OpenDigest.Of(channel, key, open, hasMore, now) is not { } notice)
        {
            return;
        }

        await SendAsync(channel, key, notice, $"it gets a digest every day at {channel.Digest!.At}", now, cancellationToken);
    }

    /// <summary>On its day, about the seven days before.</summary>
    async Task SendReportAsync(Channel channel, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (channel.Digest is { } daily && daily.IsReportDay(at))
        {
            var (key, range) = (new NoticeKey(at, channel.Id, 1), WeeklyReport.RangeOf(daily, at));
            var notice = WeeklyReport.Of(channel, key, await reports.RunAsync(channel.Tenant, range, cancellationToken), range, now);
            await SendAsync(channel, key, notice, "it gets a report every week", now, cancellationToken);
        }
    }

    async Task SendAsync(Channel channel, NoticeKey key, Notice notice, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entry = new OutboxEntry(key, [], notice, [new Recipient(channel.Id, channel.Kind, channel.Name, why)]);
        await outbox.AnnounceAsync(channel.Tenant, [entry], now, cancellationToken);
        await outbox.ExpandAsync(channel.Tenant, [entry], now, cancellationToken);
    }

    async Task<(IReadOnlyList<Incident> Open, bool HasMore)> OpenAsync(string tenant, CancellationToken cancellationToken)
    {
        var open = new List<Incident>();
        string? next = null;
        for (var page = 0; page < MaxPages; page++)
        {
            (var items, next) = await incidents.ListAsync(tenant, isOpen: true, PageSize, next, cancellationToken);
            open.AddRange(items);
            if (next is null)
            {
                break;
            }
        }

        return (open, next is not null);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The digest of channel {Channel} could not be made: {Reason}")]
        public static partial void Failed(ILogger log, string channel, string reason);
    }
}
