using System.Diagnostics.CodeAnalysis;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>Tries a send and writes down what became of it: on the delivery, in the history of the incident, on the channel.</summary>
public sealed partial class DeliveryDesk(
    IEnumerable<INoticeChannel> kinds, NoticeStore notices, ChannelStore channels, HistoryStore history, DueIndex due, TimeProvider clock, ILogger<DeliveryDesk> log)
{
    /// <summary>The row under which the due index looks at a notice again.</summary>
    public static DueItem Due(Delivery delivery, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return new DueItem(Outbox.DueKind, delivery.Tenant, delivery.Key.Text, at);
    }

    /// <summary>Never throws for what the channel does; a channel with a fault of its own must not stop the others.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a channel throws is a failed try of this notice only.")]
    public async Task<SendResult> TryAsync(Channel channel, Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (kinds.FirstOrDefault(kind => kind.Kind == channel.Kind) is not { } kind || channel.Settings.Length == 0)
        {
            return SendResult.Never(channel.Problem.Length > 0 ? channel.Problem : $"There is no channel of the kind {channel.Kind}.", isChannelBroken: true);
        }

        try
        {
            return await kind.SendAsync(channel.Settings, message, cancellationToken);
        }
        catch (Hosting.InvalidRequestException e)
        {
            return SendResult.Never(e.Message, isChannelBroken: true);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Threw(log, e, channel.Kind, channel.Id);
            return SendResult.Later($"Sending failed inside Watchdesk ({e.GetType().Name}).");
        }
    }

    /// <returns>When to go on with this channel; null for at once.</returns>
    public async Task<DateTimeOffset?> NoteAsync(Channel channel, IReadOnlyList<(Delivery Delivery, Notice Notice)> claimed, SendResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(result);
        var now = clock.GetUtcNow();
        await NoteChannelAsync(channel, result, now, cancellationToken);
        if (result.IsSent)
        {
            await SentAsync(claimed, result.Reason, now, cancellationToken);
            return null;
        }

        if (!result.IsWorthRetrying)
        {
            await FailAsync(claimed, result.Reason, cancellationToken);
            return null;
        }

        return await RetryAsync(claimed, result, now, cancellationToken);
    }

    /// <summary>Shows on the channel that it is broken, or that it works again.</summary>
    public async Task NoteChannelAsync(Channel channel, SendResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(result);
        if (result.IsGone)
        {
            await channels.DeleteAsync(channel.Tenant, channel.Id, cancellationToken);
            return;
        }

        var problem = result.IsChannelBroken ? result.Reason : result.IsSent ? "" : channel.Problem;
        // One that is only made of a login has no row to show it on.
        if (problem != channel.Problem && channel.ETag.Length > 0)
        {
            await channels.SetProblemAsync(channel, problem, now, cancellationToken);
        }
    }

    public async Task FailAsync(IReadOnlyList<(Delivery Delivery, Notice Notice)> waiting, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        var now = clock.GetUtcNow();
        foreach (var (delivery, notice) in waiting)
        {
            await TellAsync(delivery, notice, "failed", $"Not sent to {Name(delivery)}: {reason}", now, cancellationToken);
        }

        await notices.UpdateAsync([.. waiting.Select(item => item.Delivery with { State = DeliveryState.Failed, LastError = reason, ClaimedUntil = default })], cancellationToken);
    }

    /// <summary>Puts off without counting a try.</summary>
    public Task PostponeAsync(IReadOnlyList<(Delivery Delivery, Notice Notice)> waiting, DateTimeOffset until, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        return StoreNextAsync([.. waiting.Select(item => item.Delivery with { NextAt = until, LastError = reason.Length > 0 ? reason : item.Delivery.LastError })], cancellationToken);
    }

    /// <summary>History first: when this dies in between, the repeated send writes the same line.</summary>
    async Task SentAsync(IReadOnlyList<(Delivery Delivery, Notice Notice)> claimed, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var how = claimed.Count > 1 ? $" in a digest of {claimed.Count}" : "";
        foreach (var (delivery, notice) in claimed)
        {
            await TellAsync(delivery, notice, "sent", $"Told {Name(delivery)}{how} that it is {Words(notice.Kind)}. {reason}", now, cancellationToken);
        }

        await notices.UpdateAsync(
            [.. claimed.Select(item => item.Delivery with { State = DeliveryState.Sent, Tries = item.Delivery.Tries + 1, SentAt = now, ClaimedUntil = default })], cancellationToken);
    }

    async Task<DateTimeOffset?> RetryAsync(IReadOnlyList<(Delivery Delivery, Notice Notice)> claimed, SendResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var given = claimed.Select(item => (item, Next: Retry.NextAt(item.Delivery.ReadyAt, item.Delivery.Tries + 1, result.RetryAfter, now))).ToList();
        var last = given.Where(x => x.Next is null).Select(x => x.item).ToList();
        if (last.Count > 0)
        {
            await FailAsync(last, $"Given up after {NoticeText.Span(Retry.GiveUpAfter)}. {result.Reason}", cancellationToken);
        }

        var again = given.Where(x => x.Next is not null).ToList();
        await StoreNextAsync(
            [.. again.Select(x => x.item.Delivery with { Tries = x.item.Delivery.Tries + 1, NextAt = x.Next!.Value, LastError = result.Reason, ClaimedUntil = default })], cancellationToken);
        return again.Count > 0 ? again.Min(x => x.Next) : null;
    }

    /// <summary>The due row is there before the delivery relies on it.</summary>
    async Task StoreNextAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        if (deliveries.Count > 0)
        {
            await due.AddAsync([.. deliveries.Select(delivery => Due(delivery, delivery.NextAt)).Distinct()], clock.GetUtcNow(), cancellationToken);
            await notices.UpdateAsync(deliveries, cancellationToken);
        }
    }

    /// <summary>A digest belongs to no incident, so to no story.</summary>
    Task TellAsync(Delivery delivery, Notice notice, string kind, string text, DateTimeOffset now, CancellationToken cancellationToken) => notice.Incident.Length == 0
        ? Task.CompletedTask
        : history.AddAsync(delivery.Tenant, delivery.Key, delivery.Recipient.Channel, new HistoryEntry(kind, now, HistoryEntry.Desk, text), cancellationToken);

    static string Name(Delivery delivery) => $"{delivery.Recipient.Name} ({delivery.Recipient.Kind})";

    static string Words(NoticeKind kind) => kind switch { NoticeKind.Resolved => "resolved", NoticeKind.Worsened => "worse", NoticeKind.Reminder => "still open", NoticeKind.Assigned => "theirs", _ => "open" };

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A channel of kind {Kind} ({Channel}) threw")]
        public static partial void Threw(ILogger log, Exception error, string kind, string channel);
    }
}
