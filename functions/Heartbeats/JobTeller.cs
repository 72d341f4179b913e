using Watchdesk.Clients;
using Watchdesk.Incidents;

namespace Watchdesk.Heartbeats;

/// <summary>Tells incidents what turned, then notes in the rows that it is told. Safe to repeat.</summary>
public sealed class JobTeller(ITables tables, JobRows rows, IncidentDesk desk)
{
    public async Task TellAsync(string tenant, IReadOnlyList<JobRow> turned, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        if (turned.Count == 0)
        {
            return;
        }

        await desk.TellAsync(tenant, [.. turned.Select(row => SignalOf(row, now))], now, isCatchUp, cancellationToken);
        var partitions = turned.GroupBy(row => rows.PartitionOf(tenant, row.Job.Id), StringComparer.Ordinal).SelectMany(partition => partition.Chunk(100));
        await Parallel.ForEachAsync(partitions, cancellationToken, async (chunk, token) => await MarkToldAsync(chunk, token));
    }

    /// <summary>A deleted job is nobody's trouble any more.</summary>
    public Task TellDeletedAsync(JobRow row, DateTimeOffset now, CancellationToken cancellationToken) =>
        desk.TellAsync(row.Tenant, [SignalOf(row, now) with { Turn = row.State.Turn + 1, Severity = null, Reason = "The job was deleted.", At = now, IsFlapping = false }], now, isCatchUp: false, cancellationToken);

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
            row.State.Cause == Cause.Flapping,
            row.State.LastSuccessAt > 0 ? JobOutlook.Instant(row.State.LastSuccessAt) : null);
    }
}
