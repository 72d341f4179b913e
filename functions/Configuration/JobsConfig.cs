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
        var entries = new List<ConfigEntry>();
        string? next = null;
        do
        {
            (var page, next) = await store.ListAsync(tenant, PageSize, next, cancellationToken);
            entries.AddRange(page.Select(row => EntryOf(row.Job, token => jobs.RemoveAsync(tenant, row.Job.Id, token))));
        }
        while (next is not null);
        return entries;
    }

    public Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken) =>
        Task.FromResult(Check(caller.Tenant, item, stored));

    ConfigEntry Check(string tenant, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored)
    {
        var request = item.Deserialize(JobJson.Default.JobRequest)!;
        var wanted = NewJob.From(request, clock.GetUtcNow());
        return stored.ContainsKey(wanted.Slug)
            ? EntryOf(wanted, token => jobs.ApplyAsync(tenant, wanted.Slug, request.ApplyTo, token))
            : EntryOf(wanted, async token =>
            {
                if (await store.CreateAsync(tenant, wanted, token) is null)
                {
                    throw new InvalidRequestException($"The slug {wanted.Slug} was taken meanwhile; send the document again.");
                }
            });
    }

    static ConfigEntry EntryOf(Job job, Func<CancellationToken, Task> apply) =>
        new(job.Slug, JsonSerializer.SerializeToElement(JobRequest.Of(job), JobJson.Default.JobRequest)) { ApplyAsync = apply };
}
