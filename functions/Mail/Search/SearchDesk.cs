using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Incidents.Search;

namespace Watchdesk.Mail.Search;

/// <param name="Next">Searches older; null when 90 days were searched.</param>
/// <param name="Reached">The day that the search has come to.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchItem> Items, string? Next, string Reached);

/// <summary>
/// Searches day by day from the newest on. The rarest word is read first, for several days at once; the others only for days that have it.
/// A page makes at most 50 calls to storage (a long text costs one more), then says where "search older" goes on.
/// </summary>
public sealed class SearchDesk(WordIndex words, FindMails find, TimeProvider clock)
{
    public const int MaxCalls = 50;
    public const int MaxItems = 20;
    const int DaysAtOnce = 6;

    /// <param name="kind">Null for both.</param>
    /// <exception cref="InvalidRequestException"><paramref name="next"/> is no token.</exception>
    public async Task<SearchAnswer> RunAsync(string tenant, SearchQuery query, FoundKind? kind, string? next, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (day, before) = next is null ? (now.UtcDateTime.Date, null) : ParseNext(next);
        var last = (now - WordRetention.Keep).UtcDateTime.Date;
        var page = new SearchPage(tenant, query, kind, [], query.Terms.ToDictionary(term => term, _ => 0), MaxCalls);
        while (day >= last && page.Items.Count < MaxItems && page.Left > 0)
        {
            var days = Enumerable.Range(0, Math.Min(DaysAtOnce, page.Left)).Select(n => day.AddDays(-n)).Where(known => known >= last).ToArray();
            var rarest = query.Terms.MinBy(term => page.Seen[term])!;
            var firsts = await Task.WhenAll(days.Select(known => words.ReadAsync(tenant, Text(known), rarest.Word, rarest.IsPrefix, cancellationToken)));
            page.Left -= days.Length;
            for (var n = 0; n < days.Length; n++)
            {
                page.Seen[rarest] += firsts[n].Count;
                if (await TakeDayAsync(page, Text(days[n]), rarest, firsts[n], before, cancellationToken) is { } at)
                {
                    return new SearchAnswer(page.Items, $"{Text(days[n])}~{at}", Text(days[n]));
                }

                (day, before) = (days[n].AddDays(-1), null);
            }
        }

        return new SearchAnswer(page.Items, day >= last ? Text(day) : null, Text(day.AddDays(1)));
    }

    /// <summary>Null when the day was searched; else the id before which the next page goes on, empty for the whole day.</summary>
    async Task<string?> TakeDayAsync(SearchPage page, string day, SearchTerm rarest, IReadOnlyList<Found> first, string? before, CancellationToken cancellationToken)
    {
        Found[] found = [.. first.Where(what => (page.Kind is null || what.Kind == page.Kind) && (before is null || string.CompareOrdinal(what.Id, before) < 0))];
        foreach (var term in page.Query.Terms.Where(term => term != rarest).OrderBy(term => page.Seen[term]))
        {
            if (found.Length == 0)
            {
                return null;
            }

            if (page.Left-- <= 0)
            {
                return before ?? "";
            }

            var others = (await words.ReadAsync(page.Tenant, day, term.Word, term.IsPrefix, cancellationToken)).ToHashSet();
            page.Seen[term] += others.Count;
            found = [.. found.Where(others.Contains)];
        }

        var last = before ?? "";
        for (var at = 0; at < found.Length;)
        {
            var some = found.AsSpan(at, Math.Min(found.Length - at, Math.Min(page.Left, MaxItems - page.Items.Count))).ToArray();
            if (some.Length == 0)
            {
                return last;
            }

            page.Items.AddRange((await Task.WhenAll(some.Select(what => find.GetAsync(page.Tenant, what, page.Query, cancellationToken)))).OfType<SearchItem>());
            page.Left -= some.Length;
            at += some.Length;
            last = some[^1].Id;
        }

        return null;
    }

    static string Text(DateTime day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    static (DateTime Day, string? Before) ParseNext(string next)
    {
        var parts = next.Split('~');
        return parts.Length <= 2 && DateTime.TryParseExact(parts[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && (parts.Length == 1 || parts[1].Length == 0 || MailStore.IsId(parts[1]))
            ? (day, parts.Length == 2 && parts[1].Length > 0 ? parts[1] : null)
            : throw new InvalidRequestException("next must be as the page before gave it.");
    }

    sealed record SearchPage(string Tenant, SearchQuery Query, FoundKind? Kind, List<SearchItem> Items, Dictionary<SearchTerm, int> Seen, int Calls)
    {
        /// <summary>Calls that may still be made.</summary>
        public int Left { get; set; } = Calls;
    }
}
