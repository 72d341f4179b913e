namespace Watchdesk.Notices;

/// <summary>When a failed notice is tried again: 30 s, 1, 2, 4 … min, then every hour, for a day.</summary>
public static class Retry
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <param name="tries">Tries made so far, at least 1.</param>
    /// <returns>Null when it is time to give up.</returns>
    public static DateTimeOffset? NextAt(DateTimeOffset decidedAt, int tries, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var pause = tries > 8 ? Longest : First * (1 << (tries - 1));
        pause = pause > Longest ? Longest : pause;
        var wanted = retryAfter is { } asked && asked > pause ? asked : pause;
        var next = now + wanted;
        return next - decidedAt > GiveUpAfter ? null : next;
    }
}
