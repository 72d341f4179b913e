using Watchdesk.Clients;

namespace Watchdesk.Incidents;

/// <summary>How many are open, by severity and whether somebody has them.</summary>
/// <param name="IsAll">More were not counted.</param>
public sealed record OpenCounts(IReadOnlyDictionary<(Severity Severity, bool IsAssigned), int> Numbers, bool IsAll)
{
    public int Total => Numbers.Values.Sum();

    public int Of(Severity severity, bool isAssigned) => Numbers.GetValueOrDefault((severity, isAssigned));
}

/// <summary>
/// Lists of incidents and of their signals: the order is the order of the rows. An open list that is filtered looks at no more than
/// two pages of 1,000 rows, a closed one at two rows for each that fits a page; what lies beyond comes with the next page.
/// </summary>
public sealed class IncidentLists(ITables tables)
{
    const int MaxPages = 2;
    const int PageRows = 1000;

    public Task<(IReadOnlyList<Incident> Items, string? Next)> ListAsync(string tenant, bool isOpen, int limit, string? next, CancellationToken cancellationToken) =>
        ListAsync(tenant, new IncidentFilter(isOpen), Interests.None, limit, next, cancellationToken);

    /// <param name="interests">Those of who looks.</param>
    public async Task<(IReadOnlyList<Incident> Items, string? Next)> ListAsync(
        string tenant, IncidentFilter filter, Interests interests, int limit, string? next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var prefix = PrefixOf(filter);
        var query = TableQuery.Prefix(Tables.Incidents, tenant, prefix) with
        {
            From = next is not null && next.StartsWith(prefix, StringComparison.Ordinal) ? next : prefix,
            Limit = filter.IsByKey ? limit + 1 : filter.IsOpen ? PageRows : Math.Min(2 * limit, PageRows),
        };
        var items = new List<Incident>();
        for (var pages = filter.IsByKey || !filter.IsOpen ? 1 : MaxPages; ; pages--)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (items.Count == limit)
                {
                    return (items, row.RowKey);
                }

                if (IncidentRows.Read(row) is var incident && filter.Shows(incident, interests))
                {
                    items.Add(incident);
                }
            }

            if (page.Continuation is null || pages <= 1)
            {
                // "!" comes after the key itself and before any other.
                return (items, page.Continuation is null ? null : page.Rows.Count > 0 ? page.Rows[^1].RowKey + "!" : query.From);
            }

            query = query with { Continuation = page.Continuation };
        }
    }

    /// <summary>What is open, up to 2,000.</summary>
    public async Task<(IReadOnlyList<Incident> Items, bool IsAll)> AllOpenAsync(string tenant, CancellationToken cancellationToken)
    {
        var (rows, isAll) = await OpenRowsAsync(tenant, null, cancellationToken);
        return ([.. rows.Select(IncidentRows.Read)], isAll);
    }

    /// <summary>Counted from the keys alone, up to 2,000.</summary>
    public async Task<OpenCounts> CountOpenAsync(string tenant, CancellationToken cancellationToken)
    {
        var (rows, isAll) = await OpenRowsAsync(tenant, ["RowKey"], cancellationToken);
        var numbers = rows.Select(row => row.RowKey.Split('~')).CountBy(key => (Severity.Critical - (key[1][0] - '0'), key[2] == "1"));
        return new OpenCounts(numbers.ToDictionary(pair => ((Severity)pair.Key.Item1, pair.Key.Item2), pair => pair.Value), isAll);
    }

    /// <summary>The signals of an incident and of what was merged into it, each part newest first.</summary>
    public async Task<SignalPage> SignalsAsync(string tenant, Incident incident, int limit, string? next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var items = new List<SignalRecord>();
        var parts = incident.Merged.Prepend(incident.Id).ToList();
        var at = next is null ? 0 : parts.FindIndex(id => next.StartsWith(SignalRows.Prefix(id), StringComparison.Ordinal));
        foreach (var (id, isFirst) in at < 0 ? [] : parts.Skip(at).Select((id, n) => (id, n == 0)))
        {
            var query = TableQuery.Prefix(Tables.Incidents, tenant, SignalRows.Prefix(id), Math.Min(limit + 1 - items.Count, PageRows));
            await foreach (var row in tables.QueryAllAsync(isFirst && next is not null ? query with { From = next } : query, cancellationToken))
            {
                if (items.Count == limit)
                {
                    return new SignalPage(items, row.RowKey);
                }

                items.Add(SignalRows.Read(row));
            }
        }

        return new SignalPage(items, null);
    }

    /// <summary>Removes a resolved incident with its signals from its list and for good; the incident itself goes last.</summary>
    public async Task DeleteAsync(string tenant, Incident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var query = TableQuery.Prefix(Tables.Incidents, tenant, SignalRows.Prefix(incident.Id), TableRules.MaxOperations) with { Select = ["RowKey"] };
        while (await tables.QueryAsync(query, cancellationToken) is { Rows.Count: > 0 } page)
        {
            await tables.WriteAsync(Tables.Incidents, [.. page.Rows.Select(row => TableWrite.Delete(tenant, row.RowKey))], cancellationToken);
        }

        await tables.WriteAsync(Tables.Incidents, [TableWrite.Delete(tenant, IncidentRows.ListKey(incident)), TableWrite.Delete(tenant, IncidentRows.Incident + incident.Id)], cancellationToken);
    }

    static string PrefixOf(IncidentFilter filter) => (filter.IsOpen, filter.Severity, filter.IsAssigned) switch
    {
        (false, _, _) => IncidentRows.Closed,
        (true, { } severity, { } assigned) => $"{IncidentRows.Open}{Severity.Critical - severity}~{(assigned ? 1 : 0)}~",
        (true, { } severity, null) => $"{IncidentRows.Open}{Severity.Critical - severity}~",
        _ => IncidentRows.Open,
    };

    async Task<(IReadOnlyList<TableRow> Rows, bool IsAll)> OpenRowsAsync(string tenant, IReadOnlyList<string>? select, CancellationToken cancellationToken)
    {
        var query = TableQuery.Prefix(Tables.Incidents, tenant, IncidentRows.Open) with { Select = select };
        var first = await tables.QueryAsync(query, cancellationToken);
        if (first.Continuation is null)
        {
            return (first.Rows, true);
        }

        var second = await tables.QueryAsync(query with { Continuation = first.Continuation }, cancellationToken);
        return ([.. first.Rows, .. second.Rows], second.Continuation is null);
    }
}
