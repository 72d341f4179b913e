using System.Threading.RateLimiting;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>An address opens links that a secret in them opens at most 60 times a minute, whatever they show.</summary>
public sealed class LinkPace(ClientAddress address) : IDisposable
{
    public const int PerMinute = 60;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(from => RateLimitPartition.GetFixedWindowLimiter(
        from, _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = Minute }));

    /// <summary>What to answer instead; null when it may be opened.</summary>
    public Problem? Refusal(HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(address.Of(context));
        return lease.IsAcquired ? null : new Problem(StatusCodes.Status429TooManyRequests, $"Links like this are opened {PerMinute} times a minute at most: wait a minute.", Minute);
    }

    public void Dispose() => limiter.Dispose();
}
