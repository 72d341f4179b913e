using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>
/// Names what one change of an incident left in the outbox: the same change has the same key however often it is redone.
/// The text sorts newest first and is also the id in the due index and in messages.
/// </summary>
/// <param name="Incident">32 hex digits.</param>
/// <param name="Change">The incident's own count of changes.</param>
public sealed record NoticeKey(DateTimeOffset At, string Incident, int Change)
{
    const int DigitsOfTime = 15;

    /// <summary>Few: the desk reads them all to list what was sent.</summary>
    public const int Shards = 4;

    public string Text { get; } = string.Create(CultureInfo.InvariantCulture, $"{Keys.NewestFirst(At, Incident).Replace('~', '.')}.{Change}");

    public int Shard => Keys.Shard(Incident, Shards);

    public static NoticeKey? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('.');
        if (parts.Length != 3
            || parts[0].Length != DigitsOfTime
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var reversed)
            || parts[1].Length != 32
            || parts[1].AsSpan().ContainsAnyExceptInRange('0', 'f')
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var change))
        {
            return null;
        }

        var milliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - reversed;
        return milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            ? null
            : new NoticeKey(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), parts[1], change);
    }
}
