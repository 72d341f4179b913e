using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Tells incidents what turned, then notes in the rows that it is told. A job whose parent needs attention is not told
/// when it is bad but looked at again every minute. Safe to repeat.
/// </summary>
public sealed class JobTeller(ITables tables, JobRows rows, JobParents parents, DueIndex due, OutputStore outputs, IncidentDesk desk)
{
    const int MaxOutputs = 20;
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public async Task TellAsync(string tenant, IReadOnlyList<JobRow> turned, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        if (turned.Count == 0)
        {
            return;
        }

        foreach (var row in turned)
        {
            row.State.SilencedBy = row.State.Cause == Cause.None ? "" : await parents.SilencerOfAsync(tenant, row.Job, now, cancellationToken) ?? "";
        }

        var told = turned.Where(row => row.State.SilencedBy.Length == 0).ToArray();
        await desk.TellAsync(tenant, await SignalsOfAsync(told, now, cancellationToken), now, isCatchUp, cancellationToken);
        await LookAgainAsync([.. turned.Except(told)], now, cancellationToken);
        var partitions = turned.GroupBy(row => rows.PartitionOf(tenant, row.Job.Id), StringComparer.Ordinal).SelectMany(partition => partition.Chunk(100));
        await Parallel.ForEachAsync(partitions, cancellationToken, async (chunk, token) => await MarkToldAsync(chunk, token));
    }

    /// <summary>A deleted job is nobody's trouble any more.</summary>
    public Task TellDeletedAsync(JobRow row, DateTimeOffset now, CancellationToken cancellationToken) =>
        desk.TellAsync(row.Tenant, [SignalOf(row, now) with { Turn = row.State.Turn + 1, Severity = null, Reason = "The job was deleted.", At = now, IsFlapping = false }], now, isCatchUp: false, cancellationToken);

    async Task LookAgainAsync(IReadOnlyList<JobRow> silenced, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await due.AddAsync([.. silenced.Select(row => new DueItem(ApplyEvents.DueKind, row.Tenant, row.Job.Id, now + LookAgain))], now, cancellationToken);
        foreach (var row in silenced)
        {
            row.State.IndexedAt = Math.Min(row.State.IndexedAt, DueIndex.IndexedAt(now + LookAgain, now).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>A row that changed meanwhile is left: who changed it tells and marks it.</summary>
    async Task MarkToldAsync(JobRow[] chunk, CancellationToken cancellationToken)
    {
        foreach (var row in chunk)
        {
            row.State.ToldTurn = row.State.Turn;
        }

        for (var left = chunk.ToList(); left.Count > 0;)
        {
            var result = await tables.WriteAsync(Tables.JobState, [.. left.Select(rows.Change)], cancellationToken);
            if (result.IsDone)
            {
                for (var n = 0; n < left.Count; n++)
                {
                    rows.Written(left[n], result.ETags[n]);
                }

                return;
            }

            left.RemoveAt(result.FailedIndex);
        }
    }

    /// <summary>What failed runs have said is read for a few: more jobs at once are a storm, told as one.</summary>
    async Task<Signal[]> SignalsOfAsync(JobRow[] told, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var signals = told.Select(row => SignalOf(row, now)).ToArray();
        var failed = Enumerable.Range(0, told.Length).Where(n => JobOutlook.At(told[n].Job, told[n].State, now).Alert == Cause.Failed).Take(MaxOutputs);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxOutputs, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(failed, parallel, async (n, token) =>
        {
            if (await outputs.TryGetAsync(told[n].Tenant, told[n].Job.Id, token) is { } output && output.At == JobOutlook.Instant(told[n].State.LastEndAt))
            {
                signals[n] = signals[n] with { Reason = $"{signals[n].Reason.TrimEnd('.')}: {output.LastLine()}" };
            }
        });
        return signals;
    }

    static Signal SignalOf(JobRow row, DateTimeOffset now)
    {
        var outlook = JobOutlook.At(row.Job, row.State, now);
        var severity = JobOutlook.SeverityOf(row.State.Cause, row.Job.Severity);
        return new Signal(
            row.Job.Subject,
            row.Job.Name,
            row.State.Turn,
            severity,
            outlook.Reason,
            JobOutlook.Instant(row.State.Since),
            row.State.LastHost.Length > 0 ? row.State.LastHost : row.Job.Servers.Count > 0 ? row.Job.Servers[0] : null,
            $"/jobs/{row.Job.Id}",
            row.State.Cause != Cause.None && JobSettling.IsFlapping(row.State),
            row.State.LastSuccessAt > 0 ? JobOutlook.Instant(row.State.LastSuccessAt) : null,
            Org: row.Job.Org);
    }
}
