using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>How much a replay brought back.</summary>
public sealed record Replayed(int Jobs, long Events, long Repeats, long Lines, DateTimeOffset? LastEventAt);

/// <summary>
/// Rebuilds tables from the event log: definitions as they were written, job states, mails and metrics by applying each event once,
/// in the order of the log. What it writes is indexed, and a job that is not good is told again by the next tick.
/// </summary>
public sealed class Replay(BlobClient log, ReplayTarget into, IReadOnlyList<ReplayPart> parts)
{
    const int MostBuffered = 2_000_000;

    readonly ReplayJobs _jobs = new(into);
    readonly HashSet<(string Message, string Event)> _seen = [];
    readonly HashSet<string> _tenants = new(StringComparer.Ordinal);
    readonly Dictionary<(string Tenant, IInboxConsumer Of), ArrayBufferWriter<byte>> _items = [];
    long _events;
    long _repeats;
    long _lines;
    long _lastEventAt;

    /// <summary>Lines received from <paramref name="from"/> up to before <paramref name="to"/>, in whole hours.</summary>
    public async Task<Replayed> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        // Before anything is indexed: the first tick begins where the replay ends, not at this hour.
        await TickCursor.CreateAsync(into.Tables, to, cancellationToken);
        var blobs = new List<string>();
        await foreach (var name in log.ListAsync(EventLog.Container, "", cancellationToken))
        {
            var hour = name.Split('/', 2)[1];
            if (string.CompareOrdinal(hour, EventLog.Hour(from)) >= 0 && string.CompareOrdinal(hour, EventLog.Hour(to) + "~") < 0)
            {
                blobs.Add(name);
            }
        }

        foreach (var name in blobs.OrderBy(name => name.Split('/', 2)[1], StringComparer.Ordinal))
        {
            await foreach (var line in log.ReadLinesAsync(EventLog.Container, name, cancellationToken))
            {
                await TakeAsync(name[..name.IndexOf('/', StringComparison.Ordinal)], line, to, cancellationToken);
                if (_items.Values.Any(items => items.WrittenCount > MostBuffered))
                {
                    await ApplyItemsAsync(to, cancellationToken);
                }
            }
        }

        await ApplyItemsAsync(to, cancellationToken);
        await _jobs.StoreAsync(to, cancellationToken);
        foreach (var tenant in _tenants)
        {
            foreach (var part in parts)
            {
                await part.End(tenant, to, cancellationToken);
            }
        }

        return new Replayed(_jobs.Count, _events, _repeats, _lines, _lastEventAt == 0 ? null : JobOutlook.Instant(_lastEventAt));
    }

    async Task TakeAsync(string tenant, ReadOnlyMemory<byte> line, DateTimeOffset to, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        _lines++;
        _tenants.Add(tenant);
        switch (root.GetProperty("kind"u8).GetString())
        {
            case "run":
                var e = InboxItem.Read(root.GetProperty("item"u8));
                if (IsFirst(root.GetProperty("message"u8).GetString()!, e.Id, e.ReceivedAt))
                {
                    _jobs.Apply(tenant, e);
                }

                break;
            case "rows":
                await ApplyItemsAsync(to, cancellationToken);
                await TakeRowsAsync(tenant, root, cancellationToken);
                break;
            case "deleted":
                await ApplyItemsAsync(to, cancellationToken);
                await TakeDeletedAsync(tenant, root, cancellationToken);
                break;
            case var kind when parts.FirstOrDefault(part => part.Items?.LogKind == kind) is { Items: { } of }:
                TakeItem(tenant, of, root.GetProperty("message"u8).GetString()!, root.GetProperty("item"u8));
                break;
            default:
                throw new FormatException($"Line {_lines} of the event log is of an unknown kind; it was written by a newer version.");
        }
    }

    bool IsFirst(string message, string id, long receivedAt)
    {
        if (!_seen.Add((message, id)))
        {
            _repeats++;
            return false;
        }

        _events++;
        _lastEventAt = Math.Max(_lastEventAt, receivedAt);
        return true;
    }

    void TakeItem(string tenant, IInboxConsumer of, string message, JsonElement item)
    {
        var id = item.TryGetProperty("e"u8, out var e) ? e : item.GetProperty("id"u8);
        if (!IsFirst(message, id.GetString()!, item.GetProperty("r"u8).GetInt64()))
        {
            return;
        }

        if (!_items.TryGetValue((tenant, of), out var items))
        {
            _items[(tenant, of)] = items = new ArrayBufferWriter<byte>();
        }

        items.Write(items.WrittenCount == 0 ? "["u8 : ","u8);
        items.Write(JsonMarshal.GetRawUtf8Value(item));
    }

    /// <summary>As a message of its own that nobody has counted yet.</summary>
    async Task ApplyItemsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var ((tenant, of), items) in _items)
        {
            items.Write("]"u8);
            using var document = JsonDocument.Parse(items.WrittenMemory);
            await of.ApplyAsync(tenant, [new InboxMessage(Keys.NewId(now), of.Read(document.RootElement))], now, cancellationToken);
        }

        _items.Clear();
    }

    async Task TakeRowsAsync(string tenant, JsonElement root, CancellationToken cancellationToken)
    {
        var at = JobOutlook.Instant(root.GetProperty("at"u8).GetInt64());
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (table, row) in root.GetProperty("rows"u8).EnumerateArray().Select(LoggedRow.Read))
        {
            changed.Add(table);
            await into.Tables.WriteAsync(table, TableWrite.UpsertMerge(row), cancellationToken);
            if (table == Tables.Jobs)
            {
                _jobs.Define(tenant, JsonSerializer.Deserialize(row.Text("D")!, JobJson.Default.Job)!, at);
            }
        }

        foreach (var (table, follow) in changed.SelectMany(table => parts.Select(part => part.Changed).OfType<Func<string, string, CancellationToken, Task>>().Select(follow => (table, follow))))
        {
            await follow(tenant, table, cancellationToken);
        }
    }

    async Task TakeDeletedAsync(string tenant, JsonElement root, CancellationToken cancellationToken)
    {
        foreach (var (table, row) in root.GetProperty("rows"u8).EnumerateArray().Select(LoggedRow.Read))
        {
            await into.Tables.WriteAsync(table, TableWrite.Delete(row.PartitionKey, row.RowKey), cancellationToken);
            if (table == Tables.Jobs)
            {
                _jobs.Remove(tenant, row.RowKey);
            }
        }
    }
}
