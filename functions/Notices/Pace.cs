using System.Globalization;

namespace Watchdesk.Notices;

public enum Pacing
{
    /// <summary>One message each, a second apart.</summary>
    OneByOne,

    /// <summary>All in one message.</summary>
    Digest,

    /// <summary>Nothing now: the minute is full.</summary>
    Wait,
}

/// <summary>What a channel has carried in the last minute. At most one message a second; above 20 in a minute, one digest.</summary>
public sealed record Pace(IReadOnlyList<DateTimeOffset> Sent)
{
    public const int PerMinute = 20;
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static Pace None { get; } = new([]);

    public int Room(DateTimeOffset now) => PerMinute - Recent(now).Count();

    /// <summary>The first instant at which the next message may go.</summary>
    public DateTimeOffset FreeAt(DateTimeOffset now)
    {
        var recent = Recent(now).ToList();
        return recent.Count == 0 ? now : recent.Count < PerMinute ? Later(recent[^1] + Gap, now) : Later(recent[^PerMinute] + Minute, recent[^1] + Gap);
    }

    public Pacing Plan(int waiting, DateTimeOffset now) =>
        Room(now) <= 0 ? Pacing.Wait : waiting > Room(now) ? Pacing.Digest : Pacing.OneByOne;

    public Pace With(DateTimeOffset at) => new([.. Recent(at).TakeLast(PerMinute - 1), at]);

    public string Text => string.Join(',', Sent.Select(at => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));

    public static Pace Read(string? text) => text is { Length: > 0 }
        ? new([.. text.Split(',').Select(part => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(part, CultureInfo.InvariantCulture)))])
        : None;

    /// <summary>Also those that another instance stamped a little ahead of this clock.</summary>
    IEnumerable<DateTimeOffset> Recent(DateTimeOffset now) => Sent.Where(at => now - at < Minute);

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
