using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>A job with its state as one row of the table jobstate.</summary>
public sealed record JobRow(string Tenant, Job Job, JobState State, string? ETag)
{
    /// <summary>The job is defined anew; a changed count begins anew with it.</summary>
    public JobRow Redefined(Job changed, DateTimeOffset at)
    {
        JobSettling.SettleUntil(Job, State, at);
        if (changed.Schedule is CountSchedule count && changed.Schedule != Job.Schedule)
        {
            State.Arrivals = State.IsNew ? Arrivals.None : Arrivals.Since(count, at);
        }

        JobSettling.SettleUntil(changed, State, at);
        return this with { Job = changed };
    }

    public static JobRow New(string tenant, Job job) => new(tenant, job, new JobState { SettledAt = job.CreatedAt.ToUnixTimeMilliseconds() }, null);
}

/// <summary>
/// The table jobstate, PK <c>{tenant}~{shard}</c>, RK job id. Rows that were read or written lately are kept with their
/// ETag: a write on a stale one is refused by the table and read again, so the memory is only a saved read.
/// </summary>
public sealed class JobRows(ITables tables, IOptions<DeskOptions> options)
{
    const int MaxRemembered = 4096;
    const int ReadsAtOnce = 16;

    readonly ConcurrentDictionary<(string Tenant, string Job), JobRow> _remembered = new();

    public static readonly WalkSource Walked = new("job", Tables.JobState, Partition, OwedBy, "m~");

    public int Shards => options.Value.DueShards;

    public int ShardOf(string job) => Keys.Shard(job, Shards);

    public string PartitionOf(string tenant, string job) => Partition(tenant, ShardOf(job));

    public static string Partition(string tenant, int shard) => $"{tenant}~{shard:D2}";

    /// <summary>The rows that exist, in no order. They belong to the caller alone until they are written.</summary>
    public async Task<IReadOnlyList<JobRow>> TakeAsync(string tenant, IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        var rows = new ConcurrentBag<JobRow>();
        var missing = new List<string>();
        foreach (var job in jobs)
        {
            if (_remembered.TryRemove((tenant, job), out var row))
            {
                rows.Add(row);
            }
            else
            {
                missing.Add(job);
            }
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, parallel, async (job, token) =>
        {
            if (await ReadAsync(tenant, job, token) is { } row)
            {
                rows.Add(row);
            }
        });
        return [.. rows];
    }

    /// <summary>Past the memory, straight from the table.</summary>
    public async Task<JobRow?> ReadAsync(string tenant, string job, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.JobState, PartitionOf(tenant, job), job, cancellationToken: cancellationToken) is { } row ? Decode(tenant, row) : null;

    /// <summary>A page of a partition for the pages of the desk.</summary>
    public async Task<(IReadOnlyList<JobRow> Rows, string? Continuation)> QueryAsync(TableQuery query, string tenant, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(query, cancellationToken);
        return ([.. page.Rows.Where(row => row.Text("D") is not null).Select(row => Decode(tenant, row))], page.Continuation);
    }

    /// <summary>The write of what changed in the state since the row was read.</summary>
    public TableWrite Change(JobRow row)
    {
        var entity = new TableRow(PartitionOf(row.Tenant, row.Job.Id), row.Job.Id);
        JobStateCodec.Write(row.State, entity);
        return TableWrite.Merge(entity, row.ETag ?? "*");
    }

    public TableWrite ChangeDefinition(JobRow row)
    {
        var write = Change(row);
        write.Row["D"] = JsonSerializer.Serialize(row.Job, JobJson.Default.Job);
        return write;
    }

    public TableWrite Insert(JobRow row)
    {
        var entity = new TableRow(PartitionOf(row.Tenant, row.Job.Id), row.Job.Id);
        JobStateCodec.Write(row.State, entity, all: true);
        entity["D"] = JsonSerializer.Serialize(row.Job, JobJson.Default.Job);
        return TableWrite.Insert(entity);
    }

    /// <summary>After a write that was done. A row that must still be told stays with the caller.</summary>
    public JobRow Written(JobRow row, string? etag)
    {
        JobStateCodec.MarkWritten(row.State);
        row = row with { ETag = etag };
        if (!row.State.IsUntold)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[(row.Tenant, row.Job.Id)] = row;
        }

        return row;
    }

    static Expectation? OwedBy(string tenant, TableRow row)
    {
        if (row.Text("D") is null)
        {
            return null;
        }

        var (_, job, state, _) = Decode(tenant, row);
        return new Expectation(ApplyEvents.DueKind, tenant, job.Id, JobOutlook.At(job, state, JobOutlook.Instant(state.SettledAt)).NextLook, state.IndexedAt, job.Name, $"/jobs/{job.Id}");
    }

    static JobRow Decode(string tenant, TableRow row) =>
        new(tenant, JsonSerializer.Deserialize(row.Text("D")!, JobJson.Default.Job)!, JobStateCodec.Read(row), row.ETag);
}
