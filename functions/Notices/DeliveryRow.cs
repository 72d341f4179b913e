using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>A delivery as a row.</summary>
static class DeliveryRow
{
    public static readonly IReadOnlyList<string> Columns =
        ["PartitionKey", "RowKey", "Channel", "ChannelKind", "ChannelName", "Why", "Title", "State", "Tries", "NextAt", "ClaimedUntil", "LastError", "SentAt", "HeldUntil"];

    public static TableRow New(string tenant, NoticeKey key, Recipient recipient, string title) => new($"{tenant}~{key.Shard}", $"{key.Text}~{recipient.Channel}")
    {
        ["V"] = 1,
        ["Channel"] = recipient.Channel,
        ["ChannelKind"] = recipient.Kind,
        ["ChannelName"] = recipient.Name,
        ["Why"] = recipient.Reason,
        ["Title"] = title,
        ["State"] = (int)DeliveryState.Waiting,
        ["Tries"] = 0,
        ["NextAt"] = recipient.NotBefore?.ToUnixTimeMilliseconds() ?? 0,
        ["HeldUntil"] = recipient.NotBefore?.ToUnixTimeMilliseconds() ?? 0,
        ["ClaimedUntil"] = 0L,
        ["LastError"] = "",
    };

    public static string Key(Delivery delivery) => $"{delivery.Key.Text}~{delivery.Recipient.Channel}";

    public static TableWrite Merge(Delivery delivery)
    {
        var row = new TableRow($"{delivery.Tenant}~{delivery.Key.Shard}", Key(delivery))
        {
            ["State"] = (int)delivery.State,
            ["Tries"] = delivery.Tries,
            ["NextAt"] = delivery.NextAt.ToUnixTimeMilliseconds(),
            ["ClaimedUntil"] = delivery.ClaimedUntil.ToUnixTimeMilliseconds(),
            ["LastError"] = delivery.LastError,
        };
        row["SentAt"] = delivery.SentAt;
        return TableWrite.Merge(row, delivery.ETag);
    }

    /// <summary>Null for a row that is not a delivery.</summary>
    public static Delivery? Read(string tenant, TableRow row) =>
        row.RowKey.Split('~') is [var key, _] && NoticeKey.Read(key) is { } noticeKey && row.Text("Channel") is { } channel
            ? new Delivery(
                tenant,
                noticeKey,
                new Recipient(channel, row.Text("ChannelKind") ?? "", row.Text("ChannelName") ?? "", row.Text("Why") ?? ""),
                row.Text("Title") ?? "",
                (DeliveryState)row.Number("State"),
                (int)row.Number("Tries"),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Number("NextAt")),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Number("ClaimedUntil")),
                row.Text("LastError") ?? "",
                row.Time("SentAt"),
                row.ETag ?? "")
            { HeldUntil = row.Number("HeldUntil") is > 0 and var held ? DateTimeOffset.FromUnixTimeMilliseconds(held) : null }
            : null;
}
