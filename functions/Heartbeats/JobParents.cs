using Watchdesk.Hosting;

namespace Watchdesk.Heartbeats;

/// <summary>Parents of jobs: while one needs attention, nobody is told of its children.</summary>
public sealed class JobParents(JobStore store, JobRows rows)
{
    /// <summary>So many jobs are read to see that no job is its own ancestor.</summary>
    const int MostAncestors = 200;

    /// <summary>Ids of the parents, which are given as ids or slugs.</summary>
    /// <param name="self">Id of the job that is changed; null for a new one.</param>
    /// <exception cref="InvalidRequestException">A parent is not known, or the job would be its own ancestor.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(string tenant, string? self, IReadOnlyList<string> parents, CancellationToken cancellationToken)
    {
        JobRequest.CheckParents(parents);
        var ids = new List<string>();
        foreach (var parent in parents)
        {
            var row = await store.GetAsync(tenant, parent, cancellationToken) ?? throw new InvalidRequestException($"parents: there is no job {parent}.");
            ids.Add(row.Job.Id);
        }

        if (self is not null)
        {
            await RefuseCycleAsync(tenant, self, ids, cancellationToken);
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Name of a parent that needs attention; null when none does.</summary>
    public async Task<string?> SilencerOfAsync(string tenant, Job job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var parent in job.Parents)
        {
            if (await rows.ReadAsync(tenant, parent, cancellationToken) is { } row && JobOutlook.At(row.Job, row.State, now).Status == JobStatus.Attention)
            {
                return row.Job.Name;
            }
        }

        return null;
    }

    async Task RefuseCycleAsync(string tenant, string self, List<string> parents, CancellationToken cancellationToken)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(parents));
        while (next.TryDequeue(out var id))
        {
            if (id == self)
            {
                throw new InvalidRequestException("parents: the job would be its own ancestor. Remove it from the parents of one of these jobs.");
            }

            if (!seen.Add(id) || await rows.ReadAsync(tenant, id, cancellationToken) is not { } row)
            {
                continue;
            }

            if (seen.Count > MostAncestors)
            {
                throw new InvalidRequestException($"parents: the job would have more than {MostAncestors} ancestors.");
            }

            row.Job.Parents.ToList().ForEach(next.Enqueue);
        }
    }
}
