using Quartz;

namespace SampleScheduler;

/// <summary><c>GET /jobs</c>, <c>POST /jobs/{name}/{ok|hang|fail|misfire}</c> and <c>POST /drain</c>.</summary>
public static class JobCommands
{
    public static void MapJobs(this WebApplication app)
    {
        app.MapGet("/jobs", async (JobControls controls, ISchedulerFactory factory, CancellationToken cancellationToken) =>
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            var jobs = new List<object>();
            foreach (var job in controls.All)
            {
                jobs.Add(await DescribeAsync(scheduler, job, cancellationToken));
            }

            return jobs;
        });
        app.MapPost("/drain", async (JobControls controls, ISchedulerFactory factory, TimeProvider clock, CancellationToken cancellationToken) =>
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            await scheduler.Standby(cancellationToken);
            while (controls.All.Any(job => job.RunningSince is not null))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellationToken);
            }

            return Results.Text("drained");
        });
        app.MapPost("/jobs/{name}/{mode}", async (string name, string mode, JobControls controls, ISchedulerFactory factory, CancellationToken cancellationToken) =>
        {
            if (controls.Of(name) is not { } job)
            {
                return Results.Problem($"There is no job {name}.", statusCode: 404);
            }

            if (!Enum.TryParse<JobMode>(mode, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted) || char.IsDigit(mode[0]))
            {
                return Results.Problem($"A job can be told ok, hang, fail or misfire, not {mode}.", statusCode: 400);
            }

            job.Turn(wanted);
            return Results.Json(await DescribeAsync(await factory.GetScheduler(cancellationToken), job, cancellationToken), statusCode: 202);
        });
    }

    static async Task<object> DescribeAsync(IScheduler scheduler, JobControl job, CancellationToken cancellationToken)
    {
        var trigger = await scheduler.GetTrigger(new TriggerKey(job.Plan.Name), cancellationToken);
        return new
        {
            job.Plan.Name,
            Every = job.Plan.Every.ToString("c"),
            Mode = job.Mode.ToString().ToLowerInvariant(),
            job.RunningSince,
            NextFireTime = trigger?.NextFireTimeUtc,
            job.Runs,
            job.Failures,
        };
    }
}
