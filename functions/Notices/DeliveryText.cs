namespace Watchdesk.Notices;

/// <summary>How far a notice has got, for people.</summary>
public static class DeliveryText
{
    static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>For example "ops (webhook): sent at 2026-11-20 08:00 UTC".</summary>
    public static string Of(Delivery delivery, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return $"{delivery.Recipient.Name} ({delivery.Recipient.Kind}): {State(delivery, now)}";
    }

    public static string State(Delivery delivery, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery switch
        {
            { State: DeliveryState.Sent, SentAt: { } at } => $"sent at {NoticeText.At(at)}",
            { State: DeliveryState.Failed } => $"failed: {delivery.LastError}",
            { HeldUntil: { } until } when until > now => $"held until {NoticeText.At(until)}, as its reader wants",
            _ => $"waiting to be sent since {NoticeText.At(delivery.ReadyAt)}{(delivery.LastError.Length > 0 ? $"; last try: {delivery.LastError}" : "")}",
        };
    }

    /// <summary>It failed lately, or should have been sent by now.</summary>
    public static bool IsStuck(Delivery delivery, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery.State switch
        {
            DeliveryState.Failed => now - delivery.ReadyAt < TimeSpan.FromDays(1),
            DeliveryState.Waiting => now - delivery.ReadyAt > Late,
            _ => false,
        };
    }
}
