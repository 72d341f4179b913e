using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Definitions of jobs: the table jobs (PK tenant, RK id), their addresses in pings (uuid, and SHA-256 of tenant/slug,
/// insert-only and so unique) and their copy in jobstate. Every change goes to the event log first.
/// </summary>
public sealed class JobStore(ITables tables, JobRows rows, DueIndex due, EventLog log, OutputStore outputs, TimeProvider clock)
{
    /// <summary>A job that is not there this long after its slug was claimed never will be.</summary>
    static readonly TimeSpan TimeToFinish = TimeSpan.FromMinutes(1);

    /// <summary>Null when the slug is taken.</summary>
    public async Task<JobRow?> CreateAsync(string tenant, Job job, CancellationToken cancellationToken)
    {
        var (byUuid, bySlug) = (PingRow(job.PingId, tenant, job.Id), PingRow(SlugKey(tenant, job.Slug), tenant, job.Id));
        if (!await ClaimSlugAsync(tenant, bySlug, cancellationToken))
        {
            return null;
        }

        await log.AppendRowsAsync(tenant, [(Tables.Jobs, JobsRow(tenant, job)), (Tables.Pings, byUuid), (Tables.Pings, bySlug)], cancellationToken);
        var row = JobRow.New(tenant, job);
        await due.AddAsync([ExpectationWalk.First(JobRows.Walked.Name, tenant, rows.ShardOf(job.Id), job.CreatedAt)], job.CreatedAt, cancellationToken);
        await tables.WriteAsync(Tables.JobState, rows.Insert(row), cancellationToken);
        await tables.WriteAsync(Tables.Pings, TableWrite.Upsert(byUuid), cancellationToken);
        await tables.WriteAsync(Tables.Jobs, TableWrite.Upsert(JobsRow(tenant, job)), cancellationToken);
        return row;
    }

    /// <param name="job">Id or slug.</param>
    public async Task<JobRow?> GetAsync(string tenant, string job, CancellationToken cancellationToken) =>
        await FindIdAsync(tenant, job, cancellationToken) is { } id ? await rows.ReadAsync(tenant, id, cancellationToken) : null;

    public async Task<(IReadOnlyList<JobRow> Rows, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Jobs, tenant, Select: ["RowKey"], Limit: limit, Continuation: next), cancellationToken);
        if (page.Rows.Count == 0)
        {
            return ([], page.Continuation);
        }

        var (first, last) = (page.Rows[0].RowKey, page.Rows[^1].RowKey + "~");
        var shards = await Task.WhenAll(Enumerable.Range(0, rows.Shards).Select(shard => ReadShardAsync(tenant, shard, first, last, cancellationToken)));
        var ids = page.Rows.Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
        return ([.. shards.SelectMany(shard => shard).Where(row => ids.Contains(row.Job.Id)).OrderBy(row => row.Job.Id, StringComparer.Ordinal)], page.Continuation);
    }

    /// <summary>Changes the definition; the change is decided again when the row changed meanwhile. Null when there is no such job.</summary>
    /// <exception cref="SlugTakenException">The new slug belongs to another job.</exception>
    public async Task<JobRow?> ChangeAsync(string tenant, string job, Func<Job, Job> change, CancellationToken cancellationToken)
    {
        if (await FindIdAsync(tenant, job, cancellationToken) is not { } id)
        {
            return null;
        }

        while (await rows.ReadAsync(tenant, id, cancellationToken) is { } row)
        {
            var now = clock.GetUtcNow();
            var changed = change(row.Job) with { Revision = row.Job.Revision + 1 };
            await MoveSlugAsync(tenant, row.Job, changed, cancellationToken);
            await log.AppendRowsAsync(tenant, [(Tables.Jobs, JobsRow(tenant, changed))], cancellationToken);

            row = row.Redefined(changed, now);
            if (ApplyEvents.IndexEarlier(row, now) is { } item)
            {
                await due.AddAsync([item], now, cancellationToken);
            }

            var result = await tables.WriteAsync(Tables.JobState, rows.ChangeDefinition(row), cancellationToken);
            if (result.IsDone)
            {
                await tables.WriteAsync(Tables.Jobs, TableWrite.Upsert(JobsRow(tenant, changed)), cancellationToken);
                return rows.Written(row, result.ETags[0]);
            }
        }

        return null;
    }

    /// <summary>False when there is no such job.</summary>
    public async Task<JobRow?> DeleteAsync(string tenant, string job, CancellationToken cancellationToken)
    {
        if (await GetAsync(tenant, job, cancellationToken) is not { } row)
        {
            return null;
        }

        var (byUuid, bySlug) = (PingRow(row.Job.PingId, tenant, row.Job.Id), PingRow(SlugKey(tenant, row.Job.Slug), tenant, row.Job.Id));
        await log.AppendDeletedAsync(tenant, [(Tables.Jobs, JobsRow(tenant, row.Job)), (Tables.Pings, byUuid), (Tables.Pings, bySlug)], cancellationToken);
        await tables.WriteAsync(Tables.Pings, TableWrite.Delete(byUuid.PartitionKey, byUuid.RowKey), cancellationToken);
        await tables.WriteAsync(Tables.Pings, TableWrite.Delete(bySlug.PartitionKey, bySlug.RowKey), cancellationToken);
        await tables.WriteAsync(Tables.Jobs, TableWrite.Delete(tenant, row.Job.Id), cancellationToken);
        await outputs.DeleteAsync(tenant, row.Job.Id, cancellationToken);
        await tables.WriteAsync(Tables.JobState, TableWrite.Delete(rows.PartitionOf(tenant, row.Job.Id), row.Job.Id), cancellationToken);
        return row;
    }

    /// <summary>The job behind a ping address; null when it is unknown.</summary>
    public async Task<(string Tenant, string Job)?> FindByUuidAsync(string uuid, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Pings, uuid[..2], uuid, cancellationToken: cancellationToken) is { } row && row.Text("Job") is { } job
            ? (row.Text("Tenant")!, job)
            : null;

    public async Task<string?> FindBySlugAsync(string tenant, string slug, CancellationToken cancellationToken)
    {
        var key = SlugKey(tenant, slug);
        return (await tables.GetAsync(Tables.Pings, key[..2], key, cancellationToken: cancellationToken))?.Text("Job");
    }

    /// <summary>True for the 32 hex digits of an id; everything else is a slug.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    async Task<string?> FindIdAsync(string tenant, string job, CancellationToken cancellationToken) =>
        IsId(job) ? job : JobRequest.IsSlug(job) ? await FindBySlugAsync(tenant, job, cancellationToken) : null;

    /// <summary>A slug whose job was never finished or is gone may be taken over.</summary>
    async Task<bool> ClaimSlugAsync(string tenant, TableRow bySlug, CancellationToken cancellationToken)
    {
        if ((await tables.WriteAsync(Tables.Pings, TableWrite.Insert(bySlug), cancellationToken)).IsDone)
        {
            return true;
        }

        var taken = await tables.GetAsync(Tables.Pings, bySlug.PartitionKey, bySlug.RowKey, cancellationToken: cancellationToken);
        return taken?.Text("Job") is { } job
            && (job == bySlug.Text("Job")
                || (clock.GetUtcNow() - Keys.TimeOf(job) > TimeToFinish
                    && await tables.GetAsync(Tables.Jobs, tenant, job, ["RowKey"], cancellationToken) is null
                    && (await tables.WriteAsync(Tables.Pings, TableWrite.Replace(bySlug, taken.ETag!), cancellationToken)).IsDone));
    }

    async Task MoveSlugAsync(string tenant, Job from, Job to, CancellationToken cancellationToken)
    {
        if (from.Slug == to.Slug)
        {
            return;
        }

        var (old, taken) = (PingRow(SlugKey(tenant, from.Slug), tenant, from.Id), PingRow(SlugKey(tenant, to.Slug), tenant, to.Id));
        if (!await ClaimSlugAsync(tenant, taken, cancellationToken))
        {
            throw new SlugTakenException(to.Slug, to.Name);
        }

        await log.AppendRowsAsync(tenant, [(Tables.Pings, taken)], cancellationToken);
        await log.AppendDeletedAsync(tenant, [(Tables.Pings, old)], cancellationToken);
        await tables.WriteAsync(Tables.Pings, TableWrite.Delete(old.PartitionKey, old.RowKey), cancellationToken);
    }

    async Task<List<JobRow>> ReadShardAsync(string tenant, int shard, string first, string last, CancellationToken cancellationToken)
    {
        var found = new List<JobRow>();
        var query = new TableQuery(Tables.JobState, JobRows.Partition(tenant, shard), first, last);
        do
        {
            var (page, continuation) = await rows.QueryAsync(query, tenant, cancellationToken);
            found.AddRange(page);
            query = query with { Continuation = continuation };
        }
        while (query.Continuation is not null);
        return found;
    }

    static string SlugKey(string tenant, string slug) => Keys.Hash($"{tenant}/{slug}");

    static TableRow PingRow(string key, string tenant, string job) => new(key[..2], key) { ["V"] = 1, ["Tenant"] = tenant, ["Job"] = job };

    static TableRow JobsRow(string tenant, Job job) => new(tenant, job.Id) { ["V"] = 1, ["D"] = JsonSerializer.Serialize(job, JobJson.Default.Job) };
}

/// <summary>The slug belongs to another job of the tenant.</summary>
public sealed class SlugTakenException(string slug, string name) : Exception(Say(slug, name))
{
    public static string Say(string slug, string name) => $"The job {name} would have the slug {slug}, which belongs to another job. Give it another slug, or change that one at /api/v1/jobs/{slug}.";
}
