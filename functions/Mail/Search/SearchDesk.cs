using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Incidents.Search;

namespace Watchdesk.Mail.Search;

/// <param name="Next">Searches older; null when 90 days were searched.</param>
/// <param name="Reached">The day that the search has come to.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchItem> Items, string? Next, string Reached);

/// <summary>
/// Searches from the newest day on. A row for each word and month tells which days have all of the words; of such a day the rarest word is
/// read first. A page makes at most 50 calls to storage (a long text costs one more), then says where "search older" goes on.
/// </summary>
public sealed class SearchDesk(WordIndex words, WordDays wordDays, FindMails find, TimeProvider clock)
{
    public const int MaxCalls = 50;
    public const int MaxItems = 20;

    /// <param name="kind">Null for both.</param>
    /// <exception cref="InvalidRequestException"><paramref name="next"/> is no token.</exception>
    public async Task<SearchAnswer> RunAsync(string tenant, SearchQuery query, FoundKind? kind, string? next, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (day, before) = next is null ? (now.UtcDateTime.Date, null) : ParseNext(next);
        var last = (now - WordRetention.Keep).UtcDateTime.Date;
        var page = new SearchPage(tenant, query, kind);
        while (day >= last)
        {
            if (page.Left < query.Terms.Count || page.IsFull)
            {
                return new SearchAnswer(page.Items, Text(day), Text(day));
            }

            var days = await DaysAsync(page, day, cancellationToken);
            for (var month = day.Month; day.Month == month && day >= last; (day, before) = (day.AddDays(-1), null))
            {
                if ((days & WordDays.Bit(day.Day)) != 0 && await TakeDayAsync(page, Text(day), before, cancellationToken) is { } at)
                {
                    return new SearchAnswer(page.Items, $"{Text(day)}~{at}", Text(day));
                }
            }
        }

        return new SearchAnswer(page.Items, null, Text(last));
    }

    /// <summary>The days of the month that have all words.</summary>
    async Task<int> DaysAsync(SearchPage page, DateTime day, CancellationToken cancellationToken)
    {
        var terms = page.Query.Terms;
        var days = await Task.WhenAll(terms.Select(term => wordDays.ReadAsync(page.Tenant, WordDays.Month(Text(day)), term.Word, term.IsPrefix, cancellationToken)));
        page.Left -= terms.Count;
        page.RarestFirst = [.. terms.Zip(days).OrderBy(pair => WordDays.Count(pair.Second)).Select(pair => pair.First)];
        return days.Aggregate((all, one) => all & one);
    }

    /// <summary>Null when the day was searched; else the id before which the next page goes on, empty for the whole day.</summary>
    async Task<string?> TakeDayAsync(SearchPage page, string day, string? before, CancellationToken cancellationToken)
    {
        Found[]? found = null;
        foreach (var term in page.RarestFirst)
        {
            if (page.Left <= 0 || page.IsFull)
            {
                return before ?? "";
            }

            var (has, calls) = await words.ReadAsync(page.Tenant, day, term.Word, term.IsPrefix, cancellationToken);
            page.Left -= calls;
            found = found is null ? [.. has.Where(what => page.Wants(what, before))] : [.. found.Intersect(has)];
            if (found.Length == 0)
            {
                return null;
            }
        }

        return await ShowAsync(page, found ?? [], before, cancellationToken);
    }

    async Task<string?> ShowAsync(SearchPage page, Found[] found, string? before, CancellationToken cancellationToken)
    {
        for (var at = 0; at < found.Length;)
        {
            var some = found.AsSpan(at, Math.Clamp(Math.Min(page.Left, MaxItems - page.Items.Count), 0, found.Length - at)).ToArray();
            if (some.Length == 0)
            {
                return at == 0 ? before ?? "" : found[at - 1].Id;
            }

            page.Items.AddRange((await Task.WhenAll(some.Select(what => find.GetAsync(page.Tenant, what, page.Query, cancellationToken)))).OfType<SearchItem>());
            page.Left -= some.Length;
            at += some.Length;
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

    sealed record SearchPage(string Tenant, SearchQuery Query, FoundKind? Kind)
    {
        public List<SearchItem> Items { get; } = [];

        /// <summary>Calls that may still be made.</summary>
        public int Left { get; set; } = MaxCalls;

        public IReadOnlyList<SearchTerm> RarestFirst { get; set; } = Query.Terms;

        public bool IsFull => Items.Count >= MaxItems;

        public bool Wants(Found what, string? before) => (Kind is null || what.Kind == Kind) && (before is null || string.CompareOrdinal(what.Id, before) < 0);
    }
}
