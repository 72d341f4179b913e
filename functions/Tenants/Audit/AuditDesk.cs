using System.Globalization;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.Audit;

/// <summary>Which rows.</summary>
/// <param name="Who">Name or id of a caller; null for everybody.</param>
public sealed record AuditFilter(string? Who, DateTimeOffset From, DateTimeOffset To)
{
    static readonly TimeSpan Usual = TimeSpan.FromDays(31);

    /// <summary>From <c>?who=</c>, <c>?from=</c> and <c>?to=</c>; the last 31 days when not said.</summary>
    /// <exception cref="InvalidRequestException">A time is none, or the two are in the wrong order.</exception>
    public static AuditFilter Of(HttpRequest request, DateTimeOffset now, TimeSpan? usual = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var to = Time(request, "to") ?? now;
        var from = Time(request, "from") ?? to - (usual ?? Usual);
        var who = request.Query["who"].ToString().Trim();
        return from <= to && from > DateTimeOffset.UnixEpoch && to.Year < 9999 && who.Length <= User.MaxLoginLength
            ? new AuditFilter(who.Length == 0 ? null : who, from, to)
            : throw new InvalidRequestException("from must be before to.");
    }

    public bool Takes(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Who is null || string.Equals(entry.Who, Who, StringComparison.OrdinalIgnoreCase) || entry.WhoId == Who;
    }

    static DateTimeOffset? Time(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) => at,
        _ => throw new InvalidRequestException($"{name} must be a time such as 2026-11-20T08:00:00Z."),
    };
}

/// <summary>Reads the trail; what waits in this process is written first, so that one finds one's own request.</summary>
public sealed class AuditDesk(AuditStore store, AuditTrail trail)
{
    /// <summary>A filter that few rows pass must not read a year at once.</summary>
    const int MostCalls = 5;

    const int MostCallsOfSummary = 20;

    /// <summary>Newest first. A page may be short, even empty, and yet have a next one.</summary>
    public Task<(IReadOnlyList<AuditEntry> Entries, string? Next)> PageAsync(string tenant, AuditFilter filter, int limit, string? next, CancellationToken cancellationToken) =>
        ReadAsync(tenant, filter, limit, MostCalls, next, cancellationToken);

    /// <summary>Response time, processing time and throughput by route and by channel, of the newest 20,000 requests.</summary>
    public async Task<AuditSummary> SummarizeAsync(string tenant, AuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (entries, next) = await ReadAsync(tenant, filter, MostCallsOfSummary * AuditStore.MaxPage, MostCallsOfSummary, null, cancellationToken);
        return AuditSummary.Of(entries, next is null || entries.Count == 0 ? filter.From : entries[^1].At, filter.To, isPartial: next is not null);
    }

    async Task<(IReadOnlyList<AuditEntry> Entries, string? Next)> ReadAsync(string tenant, AuditFilter filter, int limit, int calls, string? next, CancellationToken cancellationToken)
    {
        await trail.FlushAsync(cancellationToken);
        var (month, after) = next is null ? (AuditStore.MonthOf(filter.To), null) : Parse(next);
        var (begin, continuation) = (after, (string?)null);
        var entries = new List<AuditEntry>();
        for (; calls > 0; calls--)
        {
            var asked = filter.Who is null ? Math.Min(limit - entries.Count, AuditStore.MaxPage) : AuditStore.MaxPage;
            var page = await store.PageAsync(tenant, month, filter, begin, asked, continuation, cancellationToken);
            continuation = page.Continuation;
            foreach (var (key, entry) in page.Rows)
            {
                after = key;
                if (filter.Takes(entry))
                {
                    entries.Add(entry);
                }

                if (entries.Count == limit)
                {
                    return (entries, $"{month}|{after}");
                }
            }

            if (continuation is null)
            {
                (month, after) = (AuditStore.MonthOf(AuditStore.Begin(month).AddDays(-1)), null);
                begin = null;
                if (AuditStore.Begin(month).AddMonths(1) <= filter.From)
                {
                    return (entries, null);
                }
            }
        }

        return (entries, $"{month}|{after}");
    }

    static (string Month, string? After) Parse(string next) =>
        next.Split('|') is [{ Length: 6 } month, var after] && month.All(char.IsAsciiDigit) && string.CompareOrdinal(month, "197001") >= 0 && month[4..] is not "00" && string.CompareOrdinal(month[4..], "12") <= 0
        && after.Length <= 100 && after.All(c => char.IsAsciiLetterOrDigit(c) || c == '~')
            ? (month, after.Length == 0 ? null : after)
            : throw new InvalidRequestException("next must be as the page before gave it.");
}
