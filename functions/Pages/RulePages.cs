using Watchdesk.Hosting;
using Watchdesk.Metrics;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/rules</c> and one rule: how it stands, its form, what it would have done.</summary>
sealed class RulePages(RuleStore store, RuleDesk desk, RuleActions actions, RuleTrial trial)
{
    const int ShownRules = 100;
    const int MaxChecked = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rules").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, RulePages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/new", (HttpContext context, RulePages pages) => pages.NewAsync(context)).Requires(Role.Responder);
        group.MapGet("/check", Check).Requires(Role.Reader);
        group.MapGet("/{id}", (HttpContext context, RulePages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
        group.MapPost("", (HttpContext context, RulePages pages) => pages.FormAsync(context, pages.CreateAsync)).Requires(Role.Responder);
        group.MapPost("/test", (HttpContext context, RulePages pages) => pages.FormAsync(context, pages.TestAsync)).Requires(Role.Responder);
        group.MapPost("/{id}", (HttpContext context, RulePages pages, string id) => pages.FormAsync(context, request => pages.ReplaceAsync(context, id, request), id)).Requires(Role.Responder);
        group.MapPost("/{id}/delete", (HttpContext context, RulePages pages, string id) => pages.DeleteAsync(context, id)).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var (_, next) = context.Request.Paging();
        var (rows, more) = await store.ListAsync(context.Caller().Tenant, ShownRules, next, context.RequestAborted);
        return new Page<RulesPage>(PageFrame.Of(context, "Rules"), ("Rules", rows.Select(RuleView.Of).OrderByDescending(rule => rule.Status == RuleStatus.Firing).ThenBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase).ToList()), ("Next", more));
    }

    Task<IResult> NewAsync(HttpContext context)
    {
        var asked = context.Request.Query;
        return PageAsync(context, null, RuleForms.New(asked["name"], asked["namespace"]));
    }

    async Task<IResult> ShowAsync(HttpContext context, string id) => await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } row
        ? await PageAsync(context, row, RuleForms.Of(RuleView.Of(row)))
        : NotFound.Of(context);

    /// <summary>For the script that says while somebody types where it is wrong.</summary>
    static IResult Check(HttpContext context)
    {
        var (condition, frequency) = (context.Request.Query["condition"].ToString(), context.Request.Query["frequency"].ToString());
        return condition.Length + frequency.Length > MaxChecked
            ? throw new InvalidRequestException($"That is longer than {MaxChecked} characters.")
            : TypedResults.Text(RuleForms.Check(condition.Length > 0 ? condition : null, frequency.Length > 0 ? frequency : null), "text/plain");
    }

    async Task<IResult> FormAsync(HttpContext context, Func<HttpContext, RuleRequest, Task<IResult>> act) => await FormAsync(context, request => act(context, request));

    async Task<IResult> FormAsync(HttpContext context, Func<RuleRequest, Task<IResult>> act, string? id = null)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        var request = RuleForms.RequestOf(await context.Request.ReadFormAsync(context.RequestAborted));
        try
        {
            return await act(request);
        }
        catch (ScheduleFormatException wrong)
        {
            return await AgainAsync(RuleForms.Explain(wrong, (wrong.Field == Metrics.RuleCondition.Field ? request.RuleCondition : request.Frequency) ?? ""));
        }
        catch (Exception wrong) when (wrong is InvalidRequestException or FormatException or TooManyRowsException or RuleNameTakenException)
        {
            return await AgainAsync(wrong.Message);
        }

        async Task<IResult> AgainAsync(string problem) =>
            await PageAsync(context, id is null ? null : await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted), request, problem: problem);
    }

    async Task<IResult> CreateAsync(HttpContext context, RuleRequest request) =>
        DoneText.Redirect(context, "/rules/" + (await desk.CreateAsync(context.Caller(), request, context.RequestAborted)).Rule.Id, "rule");

    async Task<IResult> ReplaceAsync(HttpContext context, string id, RuleRequest request) =>
        await desk.ReplaceAsync(context.Caller(), id, request, context.RequestAborted) is not null ? DoneText.Redirect(context, "/rules/" + id, "rule") : NotFound.Of(context);

    async Task<IResult> TestAsync(HttpContext context, RuleRequest request)
    {
        var row = await store.GetAsync(context.Caller().Tenant, context.Request.Form["id"].ToString(), context.RequestAborted);
        return await PageAsync(context, row, request, await trial.RunAsync(context.Caller().Tenant, request, context.RequestAborted));
    }

    async Task<IResult> DeleteAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/rules", await desk.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? "deleted" : "gone");

    async Task<IResult> PageAsync(HttpContext context, RuleRow? row, RuleRequest form, TrialAnswer? tried = null, string? problem = null)
    {
        var problems = row is null ? [] : await actions.ProblemsAsync(row.Tenant, row.Rule, context.RequestAborted);
        return new Page<RulePage>(
            PageFrame.Of(context, row?.Rule.Name ?? "New rule"), ("Rule", row is null ? null : RuleView.Of(row)), ("Form", form), ("Tried", tried), ("Problem", problem), ("Problems", problems))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }
}
