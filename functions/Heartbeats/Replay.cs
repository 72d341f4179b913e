using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>How much a replay brought back.</summary>
public sealed record Replayed(int Jobs, long Events, long Repeats, long Lines, DateTimeOffset? LastEventAt);

/// <summary>
/// Rebuilds tables from the event log: definitions as they were written, job states and metrics by applying each event once,
/// in the order of the log. What it writes is indexed, and a job that is not good is told again by the next tick.
/// </summary>
public sealed class Replay(BlobClient log, ITables into, JobRows rows, DueIndex due, IEnumerable<IInboxConsumer> consumers)
{
    const int MostBuffered = 2_000_000;

    readonly Dictionary<(string Tenant, string Job), JobRow> _jobs = [];
    readonly HashSet<(string Message, string Event)> _seen = [];
    readonly Dictionary<(string Tenant, IInboxConsumer Consumer), ArrayBufferWriter<byte>> _items = [];
    long _events;
    long _repeats;
    long _lines;
    long _lastEventAt;

    /// <summary>Lines received from <paramref name="from"/> up to before <paramref name="to"/>, in whole hours.</summary>
    public async Task<Replayed> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
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
                await TakeAsync(name[..name.IndexOf('/', StringComparison.Ordinal)], line, cancellationToken);
                if (_items.Values.Any(items => items.WrittenCount > MostBuffered))
                {
                    await ApplyItemsAsync(to, cancellationToken);
                }
            }
        }

        await ApplyItemsAsync(to, cancellationToken);
        await StoreAsync(to, cancellationToken);
        return new Replayed(_jobs.Count, _events, _repeats, _lines, _lastEventAt == 0 ? null : JobOutlook.Instant(_lastEventAt));
    }

    async Task TakeAsync(string tenant, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        _lines++;
        switch (root.GetProperty("kind"u8).GetString())
        {
            case "run":
                TakeRun(tenant, root.GetProperty("message"u8).GetString()!, InboxItem.Read(root.GetProperty("item"u8)));
                break;
            case "mail":
                break; // Told and kept when it came; jobs do not rely on it.
            case "rows":
                await TakeRowsAsync(tenant, root, cancellationToken);
                break;
            case "deleted":
                await TakeDeletedAsync(tenant, root, cancellationToken);
                break;
            case var kind when consumers.FirstOrDefault(consumer => consumer.LogKind == kind) is { } consumer:
                TakeItem(tenant, consumer, root.GetProperty("message"u8).GetString()!, root.GetProperty("item"u8));
                break;
            default:
                throw new FormatException($"Line {_lines} of the event log is of an unknown kind; it was written by a newer version.");
        }
    }

    void TakeRun(string tenant, string message, RunEvent e)
    {
        if (!_seen.Add((message, e.Id)))
        {
            _repeats++;
            return;
        }

        _events++;
        _lastEventAt = Math.Max(_lastEventAt, e.ReceivedAt);
        if (_jobs.TryGetValue((tenant, e.Job), out var row))
        {
            ApplyEvents.Apply(row, e);
        }
    }

    void TakeItem(string tenant, IInboxConsumer consumer, string message, JsonElement item)
    {
        if (!_seen.Add((message, item.GetProperty("e"u8).GetString()!)))
        {
            _repeats++;
            return;
        }

        _events++;
        _lastEventAt = Math.Max(_lastEventAt, item.GetProperty("r"u8).GetInt64());
        if (!_items.TryGetValue((tenant, consumer), out var items))
        {
            _items[(tenant, consumer)] = items = new ArrayBufferWriter<byte>();
        }

        items.Write(items.WrittenCount == 0 ? "["u8 : ","u8);
        items.Write(JsonMarshal.GetRawUtf8Value(item));
    }

    /// <summary>As a message of its own that nobody has counted yet.</summary>
    async Task ApplyItemsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var ((tenant, consumer), items) in _items)
        {
            items.Write("]"u8);
            using var document = JsonDocument.Parse(items.WrittenMemory);
            await consumer.ApplyAsync(tenant, [new InboxMessage(Keys.NewId(now), consumer.Read(document.RootElement))], now, cancellationToken);
        }

        _items.Clear();
    }

    async Task TakeRowsAsync(string tenant, JsonElement root, CancellationToken cancellationToken)
    {
        var at = JobOutlook.Instant(root.GetProperty("at"u8).GetInt64());
        foreach (var (table, row) in root.GetProperty("rows"u8).EnumerateArray().Select(LoggedRow.Read))
        {
            await into.WriteAsync(table, TableWrite.UpsertMerge(row), cancellationToken);
            if (table == Tables.Jobs)
            {
                Define(tenant, JsonSerializer.Deserialize(row.Text("D")!, JobJson.Default.Job)!, at);
            }
        }
    }

    void Define(string tenant, Job job, DateTimeOffset at)
    {
        if (!_jobs.TryGetValue((tenant, job.Id), out var row))
        {
            _jobs[(tenant, job.Id)] = JobRow.New(tenant, job);
            return;
        }

        _jobs[(tenant, job.Id)] = row.Redefined(job, at);
    }

    async Task TakeDeletedAsync(string tenant, JsonElement root, CancellationToken cancellationToken)
    {
        foreach (var (table, row) in root.GetProperty("rows"u8).EnumerateArray().Select(LoggedRow.Read))
        {
            await into.WriteAsync(table, TableWrite.Delete(row.PartitionKey, row.RowKey), cancellationToken);
            if (table == Tables.Jobs)
            {
                _jobs.Remove((tenant, row.RowKey));
            }
        }
    }

    async Task StoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var partition in _jobs.Values.GroupBy(row => rows.PartitionOf(row.Tenant, row.Job.Id), StringComparer.Ordinal))
        {
            foreach (var chunk in partition.Chunk(100))
            {
                var items = chunk.Select(row => ApplyEvents.IndexEarlier(row, now) ?? Look(row)).OfType<DueItem>();
                var walks = chunk.Select(row => ExpectationWalk.First(JobRows.Walked.Name, row.Tenant, rows.ShardOf(row.Job.Id), now)).Distinct();
                await due.AddAsync([.. items, .. walks], now, cancellationToken);
                await into.WriteAsync(Tables.JobState, [.. chunk.Select(row => TableWrite.Upsert(rows.Insert(row).Row))], cancellationToken);
            }
        }
    }

    /// <summary>Incidents are not in the log: a job that is bad is looked at once, and told.</summary>
    static DueItem? Look(JobRow row)
    {
        if (row.State.Cause == Cause.None)
        {
            row.State.ToldTurn = row.State.Turn;
            return null;
        }

        return new DueItem(ApplyEvents.DueKind, row.Tenant, row.Job.Id, JobOutlook.Instant(row.State.SettledAt));
    }
}
