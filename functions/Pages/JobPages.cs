using System.Globalization;
using Microsoft.Extensions.Options;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Pages.Parts;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/jobs</c> and one job with its buttons.</summary>
sealed class JobPages(JobStore jobs, OutputStore outputs, ChangeJobs changes, WhoIsTold who, IOptions<DeskOptions> options, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/jobs").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, JobPages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/{job}", (HttpContext context, JobPages pages, string job) => pages.ShowAsync(context, job)).Requires(Role.Reader);
        group.MapPost("/{job}/pause", (HttpContext context, JobPages pages, string job) => pages.PauseAsync(context, job)).Requires(Role.Responder);
        group.MapPost("/{job}/resume", (HttpContext context, JobPages pages, string job) => pages.ChangeAsync(context, job, pages.Resume, "resumed")).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var frame = PageFrame.Of(context, "Jobs");
        var (_, next) = context.Request.Paging();
        var (rows, more) = await jobs.ListAsync(context.Caller().Tenant, DeskView.ReadJobs, next, context.RequestAborted);
        return new Page<JobsPage>(frame, ("Jobs", Views(rows, frame.Now)), ("Chosen", StatusWords.Parse(context.Request.Query["status"])), ("Next", more));
    }

    async Task<IResult> ShowAsync(HttpContext context, string job)
    {
        var frame = PageFrame.Of(context, "Job");
        var tenant = context.Caller().Tenant;
        if (await jobs.GetAsync(tenant, job, context.RequestAborted) is not { } row)
        {
            return NotFound.Of(context);
        }

        var told = await who.AskAsync(tenant, row.Job.Severity, row.Job.Subject, frame.Now, context.RequestAborted);
        var view = JobView.Of(row, options.Value.PublicUrl, frame.Now);
        var open = row.State.Open.OrderByDescending(run => run.StartedAt).Select(run => RunView.Of(run, frame.Now)).ToList();
        var ended = row.State.EndedNewestFirst().Select(RunView.Of).ToList();
        var output = await outputs.TryGetAsync(tenant, row.Job.Id, context.RequestAborted);
        return new Page<JobPage>(frame with { Title = view.Name }, ("Job", view), ("Open", open), ("Ended", ended), ("Told", told), ("Output", output));
    }

    /// <summary>Until it is resumed, or for so many hours.</summary>
    async Task<IResult> PauseAsync(HttpContext context, string job)
    {
        var form = await context.FormAsync();
        return int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            ? await ChangeAsync(context, job, old => changes.Snooze(old, new SnoozeRequest(clock.GetUtcNow().AddHours(hours))), "paused")
            : await ChangeAsync(context, job, ChangeJobs.Pause, "paused");
    }

    async Task<IResult> ChangeAsync(HttpContext context, string job, Func<Job, Job> change, string done) =>
        await changes.ApplyAsync(context.Caller().Tenant, job, change, context.RequestAborted) is { } row
            ? DoneText.Redirect(context, "/jobs/" + row.Job.Id, done)
            : NotFound.Of(context);

    Job Resume(Job job) => changes.Resume(job);

    IReadOnlyList<JobView> Views(IEnumerable<JobRow> rows, DateTimeOffset now) =>
        DeskView.Sorted(rows.Select(row => JobView.Of(row, options.Value.PublicUrl, now)));
}
