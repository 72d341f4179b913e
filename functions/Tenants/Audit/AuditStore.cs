using System.Collections.Concurrent;
using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Tenants.Audit;

/// <summary>Audit rows: PK tenant~yyyyMM, RK newest first. Kept for two years after the end of their month.</summary>
public sealed class AuditStore(ITables tables, NoteExpiry noteExpiry, TimeProvider clock) : IExpiring
{
    public const int MaxPage = 1000;
    const int TransactionRows = 100;
    const int PagesAtOnce = 50;
    const int YearsKept = 2;

    readonly ConcurrentDictionary<string, bool> _noted = new(StringComparer.Ordinal);

    public string Kind => "audit";

    public async Task WriteAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var month in entries.GroupBy(entry => (entry.Tenant, Month: MonthOf(entry.At))))
        {
            var partition = Partition(month.Key.Tenant, month.Key.Month);
            if (!_noted.ContainsKey(partition))
            {
                await noteExpiry(month.Key.Tenant, $"{Kind}~{month.Key.Month}", Begin(month.Key.Month).AddMonths(1).AddYears(YearsKept), cancellationToken);
                _noted[partition] = true;
            }

            foreach (var rows in month.Chunk(TransactionRows))
            {
                await tables.WriteAsync(Tables.Audit, [.. rows.Select(entry => TableWrite.Upsert(Row(entry, partition)))], cancellationToken);
            }
        }
    }

    /// <summary>One page of a month, newest first.</summary>
    /// <param name="after">The row key after which to begin; null for the first page.</param>
    public async Task<(IReadOnlyList<(string Key, AuditEntry Entry)> Rows, string? Continuation)> PageAsync(
        string tenant, string month, AuditFilter filter, string? after, int limit, string? continuation, CancellationToken cancellationToken)
    {
        // Ids have no digit after their last, so a key with one more comes right after.
        var first = after is null ? Keys.NewestFirst(filter.To, "") : after + "0";
        var before = Keys.NewestFirst(filter.From.AddMilliseconds(-1), "");
        var page = await tables.QueryAsync(new TableQuery(Tables.Audit, Partition(tenant, month), first, before, Limit: limit, Continuation: continuation), cancellationToken);
        return ([.. page.Rows.Select(row => (row.RowKey, Read(row, tenant)))], page.Continuation);
    }

    public static string MonthOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture);

    public static DateTimeOffset Begin(string month) => new(DateTime.ParseExact(month, "yyyyMM", CultureInfo.InvariantCulture), TimeSpan.Zero);

    async Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var pages = 0; pages < PagesAtOnce; pages++)
        {
            var page = await tables.QueryAsync(new TableQuery(Tables.Audit, Partition(tenant, id), Select: ["RowKey"], Limit: TransactionRows), cancellationToken);
            if (page.Rows.Count > 0)
            {
                await tables.WriteAsync(Tables.Audit, [.. page.Rows.Select(row => TableWrite.Delete(row.PartitionKey, row.RowKey))], cancellationToken);
            }

            if (page.Continuation is null)
            {
                return;
            }
        }

        // The rest at the next tick: a month can hold millions.
        await noteExpiry(tenant, $"{Kind}~{id}", clock.GetUtcNow().AddSeconds(1), cancellationToken);
    }

    static string Partition(string tenant, string month) => $"{tenant}~{month}";

    static TableRow Row(AuditEntry entry, string partition) => new(partition, Keys.NewestFirst(entry.At, entry.Id))
    {
        ["V"] = 1,
        ["At"] = entry.At,
        ["Who"] = entry.Who,
        ["WhoId"] = entry.WhoId,
        ["Method"] = entry.Method,
        ["Route"] = entry.Route,
        ["Path"] = entry.Path,
        ["Status"] = entry.Status,
        ["Took"] = entry.Took.TotalMilliseconds,
        ["Worked"] = entry.Worked.TotalMilliseconds,
        ["RequestId"] = entry.RequestId,
        ["Address"] = entry.Address,
    };

    static AuditEntry Read(TableRow row, string tenant) => new(
        tenant,
        row.RowKey[(row.RowKey.IndexOf('~') + 1)..],
        row.Time("At") ?? default,
        row.Text("Who") ?? "",
        row.Text("WhoId") ?? "",
        row.Text("Method") ?? "",
        row.Text("Route") ?? "",
        row.Text("Path"),
        (int)row.Number("Status"),
        TimeSpan.FromMilliseconds(row.Real("Took")),
        TimeSpan.FromMilliseconds(row.Real("Worked")),
        row.Text("RequestId") ?? "",
        row.Text("Address") ?? "");
}
