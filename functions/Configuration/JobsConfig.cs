using System.Text.Json;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>Jobs in a document, known by their slug.</summary>
sealed class JobsConfig(JobStore store, ChangeJobs jobs, TimeProvider clock) : IConfigKind
{
    const int PageSize = 200;

    public string Member => "jobs";

    public string Noun => "job";

    public int Most => int.MaxValue;

    public async Task<IReadOnlyList<ConfigEntry>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new List<Job>();
        string? next = null;
        do
        {
            (var page, next) = await store.ListAsync(tenant, PageSize, next, cancellationToken);
            found.AddRange(page.Select(row => row.Job));
        }
        while (next is not null);
        var slugs = found.ToDictionary(job => job.Id, job => job.Slug, StringComparer.Ordinal);
        return [.. found.Select(job => EntryOf(job, [.. job.Parents.Where(slugs.ContainsKey).Select(id => slugs[id])], token => jobs.RemoveAsync(tenant, job.Id, token)))];
    }

    public Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken) =>
        Task.FromResult(Check(caller.Tenant, item, stored));

    ConfigEntry Check(string tenant, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored)
    {
        var request = item.Deserialize(JobJson.Default.JobRequest)!;
        JobRequest.CheckParents(request.Parents ?? []);
        var wanted = NewJob.From(request with { Parents = null }, clock.GetUtcNow());
        var before = stored.GetValueOrDefault(wanted.Slug)?.Stored as Job;
        var parents = (request.Parents ?? []).Select(parent => JobStore.IsId(parent) ? SlugOf(parent, stored) : parent).Distinct(StringComparer.Ordinal);
        return EntryOf(wanted with { Id = before?.Id ?? wanted.Id }, [.. parents], _ => Task.CompletedTask) with { ApplyLinkedAsync = ApplyAsync };

        async Task ApplyAsync(IReadOnlyList<string> ids, CancellationToken token)
        {
            if (before is not null)
            {
                await jobs.ApplyAsync(tenant, wanted.Slug, (request with { Parents = ids }).ApplyTo, token);
            }
            else if (await store.CreateAsync(tenant, wanted with { Parents = ids }, token) is null)
            {
                throw new InvalidRequestException($"The slug {wanted.Slug} was taken meanwhile; send the document again.");
            }
        }
    }

    /// <summary>A parent may come later in the document: a new job has its id already.</summary>
    public IReadOnlyList<ConfigEntry> Join(IReadOnlyList<ConfigEntry> wanted, IReadOnlyDictionary<string, ConfigEntry> stored, bool prune, Action<string, string> refuse)
    {
        var known = wanted.Concat(prune ? [] : stored.Values).DistinctBy(entry => entry.Name, StringComparer.Ordinal).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var joined = new List<ConfigEntry>(wanted.Count);
        foreach (var entry in wanted)
        {
            var parents = ParentsOf(entry);
            if (parents.FirstOrDefault(parent => !known.ContainsKey(parent)) is { } unknown)
            {
                refuse(entry.Name, $"parents: there is no job {unknown}, neither here nor in the document.");
            }
            else if (CircleOf(entry.Name, known) is { } circle)
            {
                refuse(entry.Name, $"parents: {circle} is a circle, and a job cannot silence itself. Leave out one of these parents.");
            }
            else
            {
                string[] ids = [.. parents.Select(parent => ((Job)known[parent].Stored!).Id)];
                joined.Add(entry with { ApplyAsync = token => entry.ApplyLinkedAsync!(ids, token) });
            }
        }

        return joined;
    }

    static string? CircleOf(string self, Dictionary<string, ConfigEntry> known)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<(string Name, string Way)>([(self, self)]));
        while (next.TryDequeue(out var at))
        {
            foreach (var parent in known.TryGetValue(at.Name, out var entry) ? ParentsOf(entry) : [])
            {
                if (parent == self)
                {
                    return $"{at.Way} > {self}";
                }

                if (seen.Add(parent))
                {
                    next.Enqueue((parent, $"{at.Way} > {parent}"));
                }
            }
        }

        return null;
    }

    static IReadOnlyList<string> ParentsOf(ConfigEntry entry) => entry.Definition.Deserialize(JobJson.Default.JobRequest)!.Parents ?? [];

    static string SlugOf(string id, IReadOnlyDictionary<string, ConfigEntry> stored) => stored.Values.FirstOrDefault(entry => ((Job)entry.Stored!).Id == id)?.Name ?? id;

    static ConfigEntry EntryOf(Job job, IReadOnlyList<string> parents, Func<CancellationToken, Task> apply) =>
        new(job.Slug, JsonSerializer.SerializeToElement(JobRequest.Of(job) with { Parents = parents }, JobJson.Default.JobRequest)) { Stored = job, ApplyAsync = apply };
}
