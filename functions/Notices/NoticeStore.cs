using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>A notice and how far it has got on each channel.</summary>
public sealed record StoredNotice(Notice Notice, IReadOnlyList<Delivery> Deliveries);

/// <summary>
/// Notice rows: PK tenant~shard, RK {notice key} the notice itself, {notice key}~{channel} its way through one channel.
/// The first is the proof that the others were written: it goes in the last transaction, and mostly that is the only one.
/// </summary>
public sealed class NoticeStore(ITables tables, NoteExpiry noteExpiry) : IExpiring
{
    /// <summary>Sending has ended after a day; the history of the incident stays.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public string Kind => "notice";

    public async Task AddAsync(string tenant, OutboxEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Notice is null || entry.Recipients.Count == 0)
        {
            return;
        }

        var title = NoticeText.Subject(entry.Notice);
        var writes = entry.Recipients.Select(recipient => TableWrite.Insert(DeliveryRow.New(tenant, entry.Key, recipient, title))).ToList();
        writes.Add(TableWrite.Insert(new TableRow(Partition(tenant, entry.Key), entry.Key.Text)
        {
            ["V"] = 1,
            ["Notice"] = JsonSerializer.SerializeToUtf8Bytes(entry.Notice, NoticesJson.Compact.Notice),
        }));
        await noteExpiry(tenant, $"{Kind}~{entry.Key.Text}", entry.Key.At + Keep, cancellationToken);
        foreach (var chunk in writes.Chunk(TableRules.MaxOperations))
        {
            await tables.WriteAsync(Tables.Notices, chunk, cancellationToken);
        }
    }

    async Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (NoticeKey.Read(id) is { } key && await ReadAsync(tenant, key, cancellationToken) is { } stored)
        {
            var rows = stored.Deliveries.Select(DeliveryRow.Key).Append(key.Text);
            foreach (var chunk in rows.Select(row => TableWrite.Delete(Partition(tenant, key), row)).Chunk(TableRules.MaxOperations))
            {
                await tables.WriteAsync(Tables.Notices, chunk, cancellationToken);
            }
        }
    }

    /// <summary>Null when this change told nobody, or was never made.</summary>
    public async Task<StoredNotice?> ReadAsync(string tenant, NoticeKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        Notice? notice = null;
        var deliveries = new List<Delivery>();

        // The same key with ~ is this notice; a longer change number is not: 1 and 10.
        var query = new TableQuery(Tables.Notices, Partition(tenant, key), key.Text, key.Text + "~~", Limit: 200);
        await foreach (var row in tables.QueryAllAsync(query, cancellationToken))
        {
            if (row.RowKey == key.Text)
            {
                notice = JsonSerializer.Deserialize(row.Bytes("Notice"), NoticesJson.Compact.Notice);
            }
            else if (row.RowKey.StartsWith(key.Text + "~", StringComparison.Ordinal) && DeliveryRow.Read(tenant, row) is { } delivery)
            {
                deliveries.Add(delivery);
            }
        }

        return notice is null ? null : new StoredNotice(notice, deliveries);
    }

    /// <summary>Deliveries of a tenant, newest first.</summary>
    /// <param name="next">As the previous page gave it.</param>
    public async Task<(IReadOnlyList<Delivery> Items, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, NoticeKey.Shards).Select(shard => PageAsync(tenant, shard, limit, next, cancellationToken)));

        // Beyond the end of the shortest unfinished shard another one may still have newer rows.
        var horizon = pages.Select(page => page.End).OfType<string>().Min(StringComparer.Ordinal);
        var rows = pages.SelectMany(page => page.Rows).Where(row => horizon is null || string.CompareOrdinal(row.RowKey, horizon) <= 0).OrderBy(row => row.RowKey, StringComparer.Ordinal).ToList();
        var items = rows.Select(row => DeliveryRow.Read(tenant, row)).OfType<Delivery>().Take(limit + 1).ToList();
        if (items.Count > limit)
        {
            return (items[..limit], DeliveryRow.Key(items[limit]));
        }

        return (items, horizon is null ? null : horizon + "!");
    }

    /// <summary>Takes those that are still as they were read; somebody else has the others.</summary>
    public async Task<IReadOnlyList<Delivery>> ClaimAsync(IReadOnlyList<Delivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        return await UpdateAsync([.. deliveries.Select(delivery => delivery with { ClaimedUntil = until })], cancellationToken);
    }

    /// <summary>Stores deliveries that nobody else changed meanwhile; returns those with their new ETags.</summary>
    public async Task<IReadOnlyList<Delivery>> UpdateAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        var done = new List<Delivery>(deliveries.Count);
        foreach (var partition in deliveries.GroupBy(delivery => Partition(delivery.Tenant, delivery.Key)))
        {
            foreach (var chunk in partition.Chunk(100))
            {
                await UpdateAsync(chunk, done, cancellationToken);
            }
        }

        return done;
    }

    async Task UpdateAsync(Delivery[] chunk, List<Delivery> done, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(Tables.Notices, [.. chunk.Select(DeliveryRow.Merge)], cancellationToken);
        if (result.IsDone)
        {
            done.AddRange(chunk.Select((delivery, i) => delivery with { ETag = result.ETags[i] ?? "" }));
        }
        else if (chunk.Length > 1)
        {
            foreach (var delivery in chunk)
            {
                await UpdateAsync([delivery], done, cancellationToken);
            }
        }
    }

    async Task<(IReadOnlyList<TableRow> Rows, string? End)> PageAsync(string tenant, int shard, int limit, string? next, CancellationToken cancellationToken)
    {
        // Each delivery may have its notice before it.
        var page = await tables.QueryAsync(new TableQuery(Tables.Notices, $"{tenant}~{shard}", next, Select: DeliveryRow.Columns, Limit: Math.Min(2 * (limit + 1), 1000)), cancellationToken);
        return (page.Rows, page.Continuation is null ? null : page.Rows.Count > 0 ? page.Rows[^1].RowKey : next ?? "");
    }

    static string Partition(string tenant, NoticeKey key) => $"{tenant}~{key.Shard}";
}
