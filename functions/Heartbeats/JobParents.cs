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
            var (ancestors, circle) = await WalkAsync(tenant, self, ids, cancellationToken);
            if (circle is not null)
            {
                var own = (await rows.ReadAsync(tenant, self, cancellationToken))?.Job.Slug;
                throw new InvalidRequestException($"parents: {own}{circle} > {own} is a circle, and a job cannot silence itself. Leave out one of these parents.");
            }

            if (ancestors.Count > MostAncestors)
            {
                throw new InvalidRequestException($"parents: the job would have more than {MostAncestors} ancestors.");
            }
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Name of the nearest ancestor that needs attention; null when none does. Jobs in a circle, which two changes at once can
    /// make, are not silenced: each would wait for the other.
    /// </summary>
    public async Task<string?> SilencerOfAsync(string tenant, Job job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (ancestors, circle) = await WalkAsync(tenant, job.Id, job.Parents, cancellationToken);
        return circle is null ? ancestors.Find(row => JobOutlook.At(row.Job, row.State, now).Status == JobStatus.Attention)?.Job.Name : null;
    }

    /// <summary>Nearest first, and the way by which the job is its own ancestor; no more than one over the bound.</summary>
    async Task<(List<JobRow> Ancestors, string? Circle)> WalkAsync(string tenant, string self, IReadOnlyList<string> parents, CancellationToken cancellationToken)
    {
        var (found, seen) = (new List<JobRow>(), new HashSet<string>(StringComparer.Ordinal));
        var next = new Queue<(string Id, string Way)>(parents.Select(id => (id, "")));
        while (found.Count <= MostAncestors && next.TryDequeue(out var at))
        {
            if (at.Id == self)
            {
                return (found, at.Way);
            }

            if (seen.Add(at.Id) && await rows.ReadAsync(tenant, at.Id, cancellationToken) is { } row)
            {
                found.Add(row);
                foreach (var parent in row.Job.Parents)
                {
                    next.Enqueue((parent, $"{at.Way} > {row.Job.Slug}"));
                }
            }
        }

        return (found, null);
    }
}
