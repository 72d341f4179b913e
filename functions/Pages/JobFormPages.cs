using Watchdesk.Heartbeats;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/jobs/new</c> and the form of a job that is there: store it, try it first, delete it after a question.</summary>
sealed class JobFormPages(JobStore jobs, ChangeJobs changes, TestSchedule test)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/jobs").Requires(Role.Responder).ExcludeFromDescription();
        group.MapGet("/new", (HttpContext context) => New(context));
        group.MapPost("", (HttpContext context, JobFormPages pages) => pages.CreateAsync(context));
        group.MapGet("/{job}/edit", (HttpContext context, JobFormPages pages, string job) => pages.EditAsync(context, job));
        group.MapPost("/{job}/edit", (HttpContext context, JobFormPages pages, string job) => pages.SaveAsync(context, job));
        group.MapPost("/{job}/try", (HttpContext context, JobFormPages pages, string job) => pages.TryAsync(context, job));
        group.MapGet("/{job}/delete", (HttpContext context, JobFormPages pages, string job) => pages.AskAsync(context, job));
        group.MapPost("/{job}/delete", (HttpContext context, JobFormPages pages, string job) => pages.DeleteAsync(context, job));
    }

    static IResult New(HttpContext context) => PageOf(context, null, JobForm.New());

    async Task<IResult> CreateAsync(HttpContext context)
    {
        var form = JobForm.Of(await context.FormAsync());
        try
        {
            var row = await changes.AddAsync(context.Caller().Tenant, form.ToRequest(), context.RequestAborted);
            return DoneText.Redirect(context, "/jobs/" + row.Job.Id, "created");
        }
        catch (Exception error) when (IsWrong(error))
        {
            return PageOf(context, null, form, wrong: Wrong(error));
        }
    }

    async Task<IResult> EditAsync(HttpContext context, string job)
    {
        if (await jobs.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is not { } row)
        {
            return NotFound.Of(context);
        }

        var parents = await Task.WhenAll(row.Job.Parents.Select(parent => jobs.GetAsync(row.Tenant, parent, context.RequestAborted)));
        return PageOf(context, row.Job, JobForm.Of(row.Job, parents.OfType<JobRow>().Select(parent => parent.Job.Slug)));
    }

    Task<IResult> SaveAsync(HttpContext context, string job) => FormAsync(context, job, async (_, form) =>
        await changes.ReplaceAsync(context.Caller().Tenant, job, form.ToRequest(), context.RequestAborted) is { } row
            ? DoneText.Redirect(context, "/jobs/" + row.Job.Id, "saved")
            : NotFound.Of(context));

    Task<IResult> TryAsync(HttpContext context, string job) => FormAsync(context, job, async (stored, form) =>
        PageOf(context, stored, form, tried: await test.AskAsync(context.Caller().Tenant, job, form.ToTrial(), context.RequestAborted)));

    async Task<IResult> FormAsync(HttpContext context, string job, Func<Job, JobForm, Task<IResult>> act)
    {
        var form = JobForm.Of(await context.FormAsync());
        if (await jobs.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is not { } row)
        {
            return NotFound.Of(context);
        }

        try
        {
            return await act(row.Job, form);
        }
        catch (Exception error) when (IsWrong(error))
        {
            return PageOf(context, row.Job, form, wrong: Wrong(error));
        }
    }

    async Task<IResult> AskAsync(HttpContext context, string job) => await jobs.GetAsync(context.Caller().Tenant, job, context.RequestAborted) is { } row
        ? new Page<JobDeletePage>(PageFrame.Of(context, $"Delete {row.Job.Name}?"), ("Job", row.Job), ("Runs", row.State.Occurrences))
        : NotFound.Of(context);

    async Task<IResult> DeleteAsync(HttpContext context, string job) =>
        DoneText.Redirect(context, "/jobs", await changes.RemoveAsync(context.Caller().Tenant, job, context.RequestAborted) ? "deleted" : "gone");

    static bool IsWrong(Exception error) => WrongField.Is(error) || error is SlugTakenException;

    static WrongField Wrong(Exception error) => error is SlugTakenException ? new WrongField("slug", error.Message) : WrongField.Of(error, JobForm.Fields);

    static Page<JobFormPage> PageOf(HttpContext context, Job? job, JobForm form, ScheduleTestAnswer? tried = null, WrongField? wrong = null) => new(
        PageFrame.Of(context, job is null ? "New job" : $"Edit {job.Name}"), ("Job", job), ("Form", form), ("Tried", tried), ("Wrong", wrong))
    {
        Status = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };
}
