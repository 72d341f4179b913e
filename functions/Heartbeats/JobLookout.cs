using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Looks at jobs whose deadline has come: most have been heard of since and only move on in the due index, the others
/// turn. One read and at most four batched rows per job: next index row, state, told, and the engine's delete.
/// </summary>
public sealed class JobLookout(ITables tables, JobRows jobs, DueIndex due, JobTeller teller) : IDueHandler
{
    const int ReadsAtOnce = 16;

    public string Kind => ApplyEvents.DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var tooEarly = new List<DueRow>();
        foreach (var tenant in rows.GroupBy(row => row.Item.Tenant, StringComparer.Ordinal))
        {
            var turned = new List<JobRow>();
            var left = tenant.DistinctBy(row => row.Item.Id, StringComparer.Ordinal).ToList();
            while (left.Count > 0)
            {
                left = await LookAsync(left, turned, tooEarly, tick.Now, cancellationToken);
            }

            await teller.TellAsync(tenant.Key, turned, tick.Now, tick.IsCatchUp, cancellationToken);
        }

        return tooEarly;
    }

    /// <summary>Returns those whose row had changed: they are read and decided again.</summary>
    async Task<List<DueRow>> LookAsync(List<DueRow> items, List<JobRow> turned, List<DueRow> tooEarly, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new JobRow?[items.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, items.Count, parallel, async (n, token) => found[n] = await jobs.ReadAsync(items[n].Item.Tenant, items[n].Item.Id, token));

        var looked = new List<(DueRow Item, JobRow Row)>();
        var next = new List<DueItem>();
        for (var n = 0; n < items.Count; n++)
        {
            if (found[n] is { } known && known.State.IndexedAt > items[n].Item.Deadline.ToUnixTimeMilliseconds() && items[n].IsFresh(now))
            {
                tooEarly.Add(items[n]);
            }

            if (found[n] is { } row && Look(row, now) is { IsChanged: true, Next: var at })
            {
                looked.Add((items[n], row));
                if (at is { } deadline)
                {
                    next.Add(new DueItem(Kind, row.Tenant, row.Job.Id, deadline));
                }
            }
            else if (found[n] is { } same && same.State.IsUntold)
            {
                turned.Add(same);
            }
        }

        await due.AddAsync(next, now, cancellationToken);
        var again = new List<DueRow>();
        foreach (var partition in looked.GroupBy(look => jobs.PartitionOf(look.Row.Tenant, look.Row.Job.Id), StringComparer.Ordinal))
        {
            foreach (var chunk in partition.Chunk(100))
            {
                await WriteAsync([.. chunk], turned, again, cancellationToken);
            }
        }

        return again;
    }

    async Task WriteAsync(List<(DueRow Item, JobRow Row)> looks, List<JobRow> turned, List<DueRow> again, CancellationToken cancellationToken)
    {
        while (looks.Count > 0)
        {
            var result = await tables.WriteAsync(Tables.JobState, [.. looks.Select(look => jobs.Change(look.Row))], cancellationToken);
            if (result.IsDone)
            {
                for (var n = 0; n < looks.Count; n++)
                {
                    var row = jobs.Written(looks[n].Row, result.ETags[n]);
                    if (row.State.IsUntold)
                    {
                        turned.Add(row);
                    }
                }

                return;
            }

            again.Add(looks[result.FailedIndex].Item);
            looks.RemoveAt(result.FailedIndex);
        }
    }

    /// <summary>
    /// The index row that brought us here is about to go: unless a later one stands, the next deadline gets its own.
    /// </summary>
    static (bool IsChanged, DateTimeOffset? Next) Look(JobRow row, DateTimeOffset now)
    {
        var (turn, indexedAt) = (row.State.Turn, row.State.IndexedAt);
        JobSettling.SettleUntil(row.Job, row.State, now);
        DateTimeOffset? next = null;
        if (indexedAt <= now.ToUnixTimeMilliseconds())
        {
            next = JobOutlook.At(row.Job, row.State, now).NextLook;
            row.State.IndexedAt = next is { } at ? DueIndex.IndexedAt(at, now).ToUnixTimeMilliseconds() : long.MaxValue;
        }

        return (row.State.Turn != turn || row.State.IndexedAt != indexedAt, next);
    }
}
