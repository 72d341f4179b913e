using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>The run events of one queue message for one tenant.</summary>
public sealed record RunMessage(string Id, IReadOnlyList<RunEvent> Events);

/// <summary>
/// Brings events into the state rows, each message once: a transaction changes at most 90 rows and inserts a row
/// <c>m~{message}~{part}</c> for every part of a message that it holds, and a conflict on that row means that the part
/// has been counted. What follows from a row (its turn told, its deadline indexed) is done again from the row itself.
/// </summary>
public sealed class ApplyEvents(ITables tables, JobRows rows, DueIndex due, OutputStore outputs, JobTeller teller)
{
    public const string DueKind = "job";
    const int MaxRows = 90;
    const int MaxWrites = 100;

    public async Task ApplyAsync(string tenant, IReadOnlyList<RunMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var shards = Enumerable.Range(0, rows.Shards).Select(_ => new List<Part>()).ToArray();
        foreach (var message in messages.DistinctBy(message => message.Id, StringComparer.Ordinal))
        {
            foreach (var shard in message.Events.GroupBy(e => rows.ShardOf(e.Job)))
            {
                var jobs = shard.GroupBy(e => e.Job, StringComparer.Ordinal).OrderBy(job => job.Key, StringComparer.Ordinal);
                shards[shard.Key].AddRange(jobs.Chunk(MaxRows).Select((chunk, n) => new Part($"m~{message.Id}~{n}", [.. chunk.SelectMany(job => job)])));
            }
        }

        var turned = new List<JobRow>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Enumerable.Range(0, shards.Length), cancellationToken, async (shard, token) =>
        {
            var found = await ApplyShardAsync(tenant, JobRows.Partition(tenant, shard), shards[shard], now, token);
            lock (turned)
            {
                known.UnionWith(found.Select(row => row.Job.Id));
                turned.AddRange(found.Where(row => row.State.IsUntold));
            }
        });
        await outputs.KeepAsync(tenant, messages.SelectMany(message => message.Events).Where(e => known.Contains(e.Job)), cancellationToken);
        await teller.TellAsync(tenant, turned, now, isCatchUp: false, cancellationToken);
    }

    async Task<IReadOnlyCollection<JobRow>> ApplyShardAsync(string tenant, string partition, List<Part> parts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var touched = new Dictionary<string, JobRow>(StringComparer.Ordinal);
        for (var next = 0; next < parts.Count;)
        {
            var unit = TakeUnit(parts, ref next);
            while (unit.Count > 0 && !await TryApplyAsync(tenant, partition, unit, touched, now, cancellationToken))
            {
            }
        }

        return touched.Values;
    }

    /// <summary>As many parts, in their order, as one transaction holds.</summary>
    static List<Part> TakeUnit(List<Part> parts, ref int next)
    {
        var unit = new List<Part>();
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        for (; next < parts.Count; next++)
        {
            var more = parts[next].Events.Select(e => e.Job).Where(job => !jobs.Contains(job)).Distinct(StringComparer.Ordinal).ToArray();
            if (unit.Count > 0 && (jobs.Count + more.Length > MaxRows || jobs.Count + more.Length + unit.Count + 1 > MaxWrites))
            {
                break;
            }

            jobs.UnionWith(more);
            unit.Add(parts[next]);
        }

        return unit;
    }

    /// <summary>False when a row had changed or a part was counted before; the unit then holds what is left to do.</summary>
    async Task<bool> TryApplyAsync(
        string tenant, string partition, List<Part> unit, Dictionary<string, JobRow> touched, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var jobs = unit.SelectMany(part => part.Events).Select(e => e.Job).ToHashSet(StringComparer.Ordinal);
        var found = (await rows.TakeAsync(tenant, jobs, cancellationToken)).ToDictionary(row => row.Job.Id, StringComparer.Ordinal);
        var earlier = new List<DueItem>();
        foreach (var e in unit.SelectMany(part => part.Events))
        {
            if (found.TryGetValue(e.Job, out var row))
            {
                Apply(row, e);
            }
        }

        foreach (var row in found.Values)
        {
            if (IndexEarlier(row, now) is { } item)
            {
                earlier.Add(item);
            }
        }

        if (earlier.Count > 0)
        {
            await due.AddAsync(earlier, now, cancellationToken);
        }

        var changed = found.Values.OrderBy(row => row.Job.Id, StringComparer.Ordinal).ToArray();
        TableWrite[] writes = [.. changed.Select(rows.Change), .. unit.Select(part => TableWrite.Insert(new TableRow(partition, part.Marker)))];
        var result = await tables.WriteAsync(Tables.JobState, writes, cancellationToken);
        if (result.IsDone)
        {
            for (var n = 0; n < changed.Length; n++)
            {
                touched[changed[n].Job.Id] = rows.Written(changed[n], result.ETags[n]);
            }

            return true;
        }

        if (result.FailedIndex >= changed.Length)
        {
            await DropCountedAsync(tenant, unit, result.FailedIndex - changed.Length, touched, cancellationToken);
        }

        return false;
    }

    /// <summary>A part that was counted before may have been left untold.</summary>
    async Task DropCountedAsync(string tenant, List<Part> unit, int index, Dictionary<string, JobRow> touched, CancellationToken cancellationToken)
    {
        var counted = unit[index];
        unit.RemoveAt(index);
        foreach (var row in await rows.TakeAsync(tenant, counted.Events.Select(e => e.Job).ToHashSet(StringComparer.Ordinal), cancellationToken))
        {
            touched[row.Job.Id] = row;
        }
    }

    internal static void Apply(JobRow row, RunEvent e)
    {
        var receivedAt = JobOutlook.Instant(e.ReceivedAt);
        JobSettling.SettleUntil(row.Job, row.State, receivedAt);
        ApplyRunEvent.Apply(row.Job, row.State, e);
        JobSettling.SettleUntil(row.Job, row.State, receivedAt);
    }

    /// <summary>The index row to insert before the state row is written; null when the one that stands comes early enough.</summary>
    internal static DueItem? IndexEarlier(JobRow row, DateTimeOffset now)
    {
        var look = JobOutlook.At(row.Job, row.State, JobOutlook.Instant(row.State.SettledAt)).NextLook;
        if (look is null || look.Value.ToUnixTimeMilliseconds() >= row.State.IndexedAt)
        {
            return null;
        }

        row.State.IndexedAt = DueIndex.IndexedAt(look.Value, now).ToUnixTimeMilliseconds();
        return new DueItem(DueKind, row.Tenant, row.Job.Id, look.Value);
    }

    sealed record Part(string Marker, IReadOnlyList<RunEvent> Events);
}
