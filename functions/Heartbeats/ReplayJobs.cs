using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>Jobs and their states during a replay: in memory until all is read.</summary>
sealed class ReplayJobs(ReplayTarget into)
{
    readonly JobRows _rows = new(into.Tables, into.Options);
    readonly Dictionary<(string Tenant, string Job), JobRow> _jobs = [];

    public int Count => _jobs.Count;

    public void Define(string tenant, Job job, DateTimeOffset at) =>
        _jobs[(tenant, job.Id)] = _jobs.TryGetValue((tenant, job.Id), out var row) ? row.Redefined(job, at) : JobRow.New(tenant, job);

    public void Remove(string tenant, string job) => _jobs.Remove((tenant, job));

    public void Apply(string tenant, RunEvent e)
    {
        if (_jobs.TryGetValue((tenant, e.Job), out var row))
        {
            ApplyEvents.Apply(row, e);
        }
    }

    public async Task StoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var partition in _jobs.Values.GroupBy(row => _rows.PartitionOf(row.Tenant, row.Job.Id), StringComparer.Ordinal))
        {
            foreach (var chunk in partition.Chunk(100))
            {
                var items = chunk.SelectMany(row => new[] { ApplyEvents.IndexEarlier(row, now), Look(row) }).OfType<DueItem>();
                var walks = chunk.Select(row => ExpectationWalk.First(JobRows.Walked.Name, row.Tenant, _rows.ShardOf(row.Job.Id), now)).Distinct();
                await into.Due.AddAsync([.. items, .. walks], now, cancellationToken);
                await into.Tables.WriteAsync(Tables.JobState, [.. chunk.Select(row => TableWrite.Upsert(_rows.Insert(row).Row))], cancellationToken);
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
