using System.Text.Json.Serialization;

namespace Watchdesk.Notices;

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("sent")]
    Sent,

    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>A notice on its way through one channel.</summary>
/// <param name="Title">What the list shows.</param>
/// <param name="NextAt">Not before this.</param>
/// <param name="ClaimedUntil">A worker is sending it until then.</param>
public sealed record Delivery(
    string Tenant,
    NoticeKey Key,
    Recipient Recipient,
    string Title,
    DeliveryState State,
    int Tries,
    DateTimeOffset NextAt,
    DateTimeOffset ClaimedUntil,
    string LastError,
    DateTimeOffset? SentAt,
    string ETag)
{
    /// <summary>It waited until then since its reader wanted it so; null for no such wish.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When it could first be sent.</summary>
    public DateTimeOffset ReadyAt => HeldUntil ?? Key.At;

    /// <summary>The same for every try.</summary>
    public string Id => $"{Key.Incident}.{Key.Change}.{Recipient.Channel}";

    public bool IsFree(DateTimeOffset now) => State == DeliveryState.Waiting && ClaimedUntil <= now;
}
