using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary><c>/api/v1/jobs</c>: what is watched and how it stands.</summary>
public sealed class JobsApi(JobStore store, OutputStore outputs, IOptions<DeskOptions> options, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/v1/jobs").WithTags("Jobs").Requires(Role.Reader);
        jobs.MapGet("/", (HttpContext context, JobsApi api, int? limit, string? next) => api.ListAsync(context, limit ?? 50, next)).WithName("ListJobs").WithSummary("Lists jobs with their status");
        jobs.MapGet("/{job}", (HttpContext context, JobsApi api, string job) => api.GetAsync(context, job)).WithName("GetJob").WithSummary("Shows a job, its status and its statistics");
        jobs.MapGet("/{job}/runs", (HttpContext context, JobsApi api, string job) => api.RunsAsync(context, job)).WithName("ListRuns").WithSummary("Lists the last runs of a job");
        jobs.MapGet("/{job}/output", (HttpContext context, JobsApi api, string job) => api.OutputAsync(context, job)).WithName("GetOutput").WithSummary("Shows what the last failed run of a job has said");
    }

    async Task<JsonHttpResult<JobList>> ListAsync(HttpContext context, int limit, string? next)
    {
        if (limit is < 1 or > 200)
        {
            throw new InvalidRequestException("limit must be 1 to 200.");
        }

        var (found, continuation) = await store.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        var now = clock.GetUtcNow();
        return TypedResults.Json(new JobList([.. found.Select(row => View(row, now))], continuation), JobJson.Plain.JobList);
    }

    async Task<Results<JsonHttpResult<JobView>, ProblemResult>> GetAsync(HttpContext context, string job) =>
        await store.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is { } row
            ? TypedResults.Json(View(row, clock.GetUtcNow()), JobJson.Plain.JobView)
            : NotFound(job);

    async Task<Results<JsonHttpResult<RunList>, ProblemResult>> RunsAsync(HttpContext context, string job)
    {
        if (await store.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is not { } row)
        {
            return NotFound(job);
        }

        var now = clock.GetUtcNow();
        var open = row.State.Open.OrderByDescending(run => run.StartedAt).Select(run => RunView.Of(run, now));
        return TypedResults.Json(new RunList([.. open, .. row.State.EndedNewestFirst().Select(RunView.Of)]), JobJson.Plain.RunList);
    }

    async Task<Results<JsonHttpResult<JobOutput>, ProblemResult>> OutputAsync(HttpContext context, string job)
    {
        if (await store.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is not { } row)
        {
            return NotFound(job);
        }

        return await outputs.GetAsync(row.Tenant, row.Job.Id, context.RequestAborted) is { } output
            ? TypedResults.Json(output, JobJson.Plain.JobOutput)
            : new ProblemResult(StatusCodes.Status404NotFound, $"No failed run of {row.Job.Name} has said anything yet. Send its output as the body of /fail, as message of a heartbeat, or run it with watchdesk run.");
    }

    JobView View(JobRow row, DateTimeOffset now) => JobView.Of(row, options.Value.PublicUrl, now);

    internal static ProblemResult NotFound(string job) => new(StatusCodes.Status404NotFound, $"There is no job {job}.");
}
