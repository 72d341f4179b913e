using System.Buffers;
using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>Keys of the due index: <c>{yyyyMMddHH}~{shard}</c> and <c>{deadline unix ms:D15}~{kind}~{tenant}~{id}</c>.</summary>
static class DueKeys
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    static readonly DateTimeOffset Last = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999);
    static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    public static string HourText(DateTimeOffset hour) => hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseHour(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour) ? hour : null;

    public static string Partition(DateTimeOffset at, int shard) => string.Create(CultureInfo.InvariantCulture, $"{HourText(at)}~{shard}");

    public static string Partition(DueItem item, int shards) =>
        Partition(item.Deadline, Shard(item, shards));

    public static int Shard(DueItem item, int shards) => Keys.Shard($"{item.Kind}~{item.Tenant}~{item.Id}", shards);

    public static string Row(DueItem item) =>
        string.Create(CultureInfo.InvariantCulture, $"{item.Deadline.ToUnixTimeMilliseconds():D15}~{item.Kind}~{item.Tenant}~{item.Id}");

    /// <summary>The key that every row due at <paramref name="now"/> is below.</summary>
    public static string After(DateTimeOffset now) => (now.ToUnixTimeMilliseconds() + 1).ToString("D15", CultureInfo.InvariantCulture);

    /// <summary>Null when the key is not one of ours.</summary>
    public static DueItem? Parse(string rowKey)
    {
        var parts = rowKey.Split('~', 4);
        return parts.Length == 4 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= Last.ToUnixTimeMilliseconds()
            ? new DueItem(parts[1], parts[2], parts[3], DateTimeOffset.FromUnixTimeMilliseconds(ms))
            : null;
    }

    /// <summary>Rounded up to what a key holds, so that nothing is looked at before its deadline.</summary>
    public static DateTimeOffset Ceiling(DateTimeOffset at)
    {
        var over = at.UtcTicks % TimeSpan.TicksPerMillisecond;
        return at >= Last ? Last : new DateTimeOffset(over == 0 ? at.UtcTicks : at.UtcTicks - over + TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }

    /// <exception cref="ArgumentException">A part would break the key apart.</exception>
    public static void Check(DueItem item)
    {
        if (!IsPart(item.Kind) || !IsPart(item.Tenant) || item.Id.Length == 0 || !IsPart(item.Id.Replace("~", "-", StringComparison.Ordinal)))
        {
            throw new ArgumentException($"\"{item.Kind}\", \"{item.Tenant}\", \"{item.Id}\" cannot stand in a key.", nameof(item));
        }
    }

    static bool IsPart(string text) => text.Length is > 0 and <= 400 && !text.AsSpan().ContainsAnyExcept(KeyCharacters);
}
