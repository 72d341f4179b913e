using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>History rows: PK tenant~incident, newest first. Ids are made from what happened, so that redoing it adds nothing.</summary>
public sealed class HistoryStore(ITables tables)
{
    /// <summary>Adds the lines of one change. They are stored together, so one that exists means that all do.</summary>
    public async Task AddAsync(string tenant, NoticeKey key, IReadOnlyList<HistoryEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
        {
            return;
        }

        var writes = entries.Select((entry, i) => TableWrite.Insert(Row(tenant, key.Incident, key.At, Order(key, 99 - i), entry))).ToList();
        await tables.WriteAsync(Tables.History, writes, cancellationToken);
    }

    /// <summary>What became of a notice on one channel; it stands where the notice was decided.</summary>
    public Task AddAsync(string tenant, NoticeKey key, string channel, HistoryEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(entry);
        var row = Row(tenant, key.Incident, key.At, $"{Order(key, 0)}.{entry.Kind}.{channel}", entry);
        return tables.WriteAsync(Tables.History, TableWrite.Insert(row), cancellationToken);
    }

    public async Task<HistoryPage> ListAsync(string tenant, string incident, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.History, Partition(tenant, incident), From: next, Limit: Math.Min(limit + 1, 1000)), cancellationToken);
        var items = page.Rows.Take(limit).Select(Entry).ToList();
        return new HistoryPage(items, page.Rows.Count > limit ? page.Rows[limit].RowKey : null);
    }

    public async Task DeleteAsync(string tenant, string incident, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant, incident);
        while (true)
        {
            var page = await tables.QueryAsync(new TableQuery(Tables.History, partition, Select: ["Kind"], Limit: 100), cancellationToken);
            if (page.Rows.Count > 0)
            {
                await tables.WriteAsync(Tables.History, [.. page.Rows.Select(row => TableWrite.Delete(partition, row.RowKey))], cancellationToken);
            }

            if (page.Continuation is null)
            {
                return;
            }
        }
    }

    static string Partition(string tenant, string incident) => $"{tenant}~{incident}";

    /// <summary>Within one millisecond later changes come first, and later lines of a change.</summary>
    static string Order(NoticeKey key, int line) => string.Create(CultureInfo.InvariantCulture, $"{999_999 - key.Change:D6}.{line:D2}");

    static TableRow Row(string tenant, string incident, DateTimeOffset at, string id, HistoryEntry entry) => new(Partition(tenant, incident), Keys.NewestFirst(at, id))
    {
        ["V"] = 1,
        ["Kind"] = entry.Kind,
        ["At"] = entry.At,
        ["By"] = entry.By,
        ["Text"] = NoticeText.Shorten(entry.Text, HistoryEntry.MaxText),
    };

    static HistoryEntry Entry(TableRow row) => new(row.Text("Kind") ?? "", row.Time("At") ?? default, row.Text("By") ?? "", row.Text("Text") ?? "");
}
