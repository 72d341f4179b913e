using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>Changes of <c>/api/v1/jobs</c>: create, replace, change, delete, pause, resume, snooze, give up open runs.</summary>
public sealed class ChangeJobs(JobStore store, JobDirectory directory, JobTeller teller, JobParents parents, Inbox inbox, IOptions<DeskOptions> options, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var changes = routes.MapGroup("/api/v1/jobs").WithTags("Jobs").Requires(Role.Responder);
        changes.MapPost("/", (HttpContext context, ChangeJobs api, [FromBody] JobRequest request) => api.CreateAsync(context, request)).WithName("CreateJob").WithSummary("Makes a job");
        changes.MapPut("/{job}", (HttpContext context, ChangeJobs api, string job, [FromBody] JobRequest request) => api.ReplaceAsync(context, job, request)).WithName("ReplaceJob").WithSummary("Replaces a job, or makes it");
        changes.MapPatch("/{job}", (HttpContext context, ChangeJobs api, string job, [FromBody] JsonObject patch) => api.PatchAsync(context, job, patch)).WithName("ChangeJob").WithSummary("Changes members of a job");
        changes.MapDelete("/{job}", (HttpContext context, ChangeJobs api, string job) => api.DeleteAsync(context, job)).WithName("DeleteJob").WithSummary("Deletes a job");
        changes.MapPost("/{job}/pause", (HttpContext context, ChangeJobs api, string job) => api.ChangeAsync(context, job, Pause)).WithName("PauseJob").WithSummary("Pauses a job");
        changes.MapPost("/{job}/resume", (HttpContext context, ChangeJobs api, string job) => api.ChangeAsync(context, job, api.Resume)).WithName("ResumeJob").WithSummary("Resumes a job");
        changes.MapPost("/{job}/snooze", (HttpContext context, ChangeJobs api, string job, [FromBody] SnoozeRequest request) => api.ChangeAsync(context, job, old => api.Snooze(old, request))).WithName("SnoozeJob").WithSummary("Pauses a job for a time");
        changes.MapPost("/{job}/runs/lose", (HttpContext context, ChangeJobs api, string job) => api.LoseAsync(context, job)).WithName("LoseOpenRuns").WithSummary("Gives up the open runs of a job");
    }

    async Task<Results<JsonHttpResult<JobView>, ProblemResult>> CreateAsync(HttpContext context, JobRequest request)
    {
        try
        {
            var row = await AddAsync(context.Caller().Tenant, request, context.RequestAborted);
            context.Response.Headers.Location = $"/api/v1/jobs/{row.Job.Id}";
            return TypedResults.Json(JobView.Of(row, options.Value.PublicUrl, clock.GetUtcNow()), JobJson.Plain.JobView, statusCode: StatusCodes.Status201Created);
        }
        catch (SlugTakenException taken)
        {
            return SlugTaken(taken.Message);
        }
    }

    /// <exception cref="InvalidRequestException">Something is missing or out of bounds.</exception>
    /// <exception cref="SlugTakenException">The slug belongs to another job.</exception>
    public async Task<JobRow> AddAsync(string tenant, JobRequest request, CancellationToken cancellationToken)
    {
        var job = NewJob.From(await WithParentsAsync(tenant, null, request, cancellationToken), clock.GetUtcNow());
        return await store.CreateAsync(tenant, job, cancellationToken) ?? throw new SlugTakenException(job.Slug, job.Name);
    }

    /// <summary>Null when there is no such job.</summary>
    /// <exception cref="InvalidRequestException">Something is missing or out of bounds.</exception>
    /// <exception cref="SlugTakenException">The slug belongs to another job.</exception>
    public async Task<JobRow?> ReplaceAsync(string tenant, string job, JobRequest request, CancellationToken cancellationToken) =>
        await ApplyAsync(tenant, job, (await WithParentsAsync(tenant, job, request, cancellationToken)).ApplyTo, cancellationToken);

    /// <summary>Changes a definition and tells what follows from it. Null when there is no such job.</summary>
    /// <exception cref="SlugTakenException">The new slug belongs to another job.</exception>
    public async Task<JobRow?> ApplyAsync(string tenant, string job, Func<Job, Job> change, CancellationToken cancellationToken)
    {
        var before = await store.GetAsync(tenant, job, cancellationToken);
        if (before is null || await store.ChangeAsync(tenant, job, change, cancellationToken) is not { } row)
        {
            return null;
        }

        directory.Forget(tenant, before.Job);
        await TellAsync(tenant, row, clock.GetUtcNow(), cancellationToken);
        return row;
    }

    public static Job Pause(Job job) => job with { IsPaused = true, SnoozedUntil = null };

    public Job Resume(Job job) => job with { IsPaused = false, SnoozedUntil = null, ResumedAt = clock.GetUtcNow() };

    async Task<Results<JsonHttpResult<JobView>, ProblemResult>> ReplaceAsync(HttpContext context, string job, JobRequest request) =>
        await ChangeAsync(context, job, (await WithParentsAsync(context.Caller().Tenant, job, request, context.RequestAborted)).ApplyTo);

    async Task<Results<JsonHttpResult<JobView>, ProblemResult>> PatchAsync(HttpContext context, string job, JsonObject patch)
    {
        if (patch["parents"] is { } named)
        {
            var known = await WithParentsAsync(context.Caller().Tenant, job, new JobRequest(Parents: JsonSerializer.Deserialize(named, JobJson.Default.IReadOnlyListString)), context.RequestAborted);
            patch["parents"] = JsonSerializer.SerializeToNode(known.Parents!, JobJson.Default.IReadOnlyListString);
        }

        return await ChangeAsync(context, job, old => Patched(old, patch));
    }

    /// <summary>The same with the ids of the parents. A job that is not there is refused later.</summary>
    async Task<JobRequest> WithParentsAsync(string tenant, string? job, JobRequest request, CancellationToken cancellationToken)
    {
        if (request.Parents is not { Count: > 0 } named)
        {
            return request;
        }

        var self = job is null ? null : (await store.GetAsync(tenant, job, cancellationToken))?.Job.Id;
        return request with { Parents = await parents.ResolveAsync(tenant, self, named, cancellationToken) };
    }

    async Task<Results<JsonHttpResult<JobView>, ProblemResult>> ChangeAsync(HttpContext context, string job, Func<Job, Job> change)
    {
        try
        {
            return await ApplyAsync(context.Caller().Tenant, job, change, context.RequestAborted) is { } row
                ? TypedResults.Json(JobView.Of(row, options.Value.PublicUrl, clock.GetUtcNow()), JobJson.Plain.JobView)
                : JobsApi.NotFound(job);
        }
        catch (SlugTakenException taken)
        {
            return SlugTaken(taken.Message);
        }
    }

    async Task<Results<NoContent, ProblemResult>> DeleteAsync(HttpContext context, string job) =>
        await RemoveAsync(context.Caller().Tenant, job, context.RequestAborted) ? TypedResults.NoContent() : JobsApi.NotFound(job);

    /// <summary>Deletes a job and tells that it owes nothing any more. False when there is no such job.</summary>
    public async Task<bool> RemoveAsync(string tenant, string job, CancellationToken cancellationToken)
    {
        if (await store.DeleteAsync(tenant, job, cancellationToken) is not { } row)
        {
            return false;
        }

        directory.Forget(tenant, row.Job);
        await teller.TellDeletedAsync(row, clock.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <summary>The open runs of a job will never end: a crashed host, a killed process.</summary>
    async Task<Results<Accepted<JobView>, ProblemResult>> LoseAsync(HttpContext context, string job)
    {
        var tenant = context.Caller().Tenant;
        if (await store.GetAsync(tenant, job, context.RequestAborted) is not { } row)
        {
            return JobsApi.NotFound(job);
        }

        var now = clock.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        await inbox.AcceptAsync(tenant, new RunEvent(Clients.Keys.NewId(now), row.Job.Id, RunEventKind.Lost, at, at), context.RequestAborted);
        return TypedResults.Accepted($"/api/v1/jobs/{row.Job.Id}", JobView.Of(row, options.Value.PublicUrl, now));
    }

    static Job Patched(Job old, JsonObject patch)
    {
        var request = JsonSerializer.SerializeToNode(JobRequest.Of(old), JobJson.Default.JobRequest)!.AsObject();
        foreach (var (name, value) in patch)
        {
            request[name] = value?.DeepClone();
        }

        return JsonSerializer.Deserialize(request, JobJson.Default.JobRequest)!.ApplyTo(old);
    }

    /// <exception cref="InvalidRequestException">It does not end, or not soon enough.</exception>
    public Job Snooze(Job job, SnoozeRequest request)
    {
        var now = clock.GetUtcNow();
        return request.Until > now && request.Until - now <= Durations.Most
            ? job with { IsPaused = true, SnoozedUntil = request.Until.ToUniversalTime() }
            : throw new InvalidRequestException("until must lie in the future, at most 366 days ahead.");
    }

    async Task TellAsync(string tenant, JobRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (row.State.IsUntold)
        {
            await teller.TellAsync(tenant, [row], now, isCatchUp: false, cancellationToken);
        }
    }

    static ProblemResult SlugTaken(string reason) => new(StatusCodes.Status409Conflict, reason);
}
