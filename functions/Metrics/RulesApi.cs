using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

/// <summary><c>/api/v1/rules</c>: threshold rules, and what one would have done.</summary>
static class RulesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/rules").WithTags("Rules");
        rules.MapGet("", ListAsync).Produces<RuleList>().WithName("ListRules").Requires(Role.Reader).WithSummary("Lists threshold rules");
        rules.MapGet("/{id}", GetAsync).Produces<RuleView>().WithName("GetRule").Requires(Role.Reader).WithSummary("Shows a threshold rule and how it stands");
        rules.MapPost("", CreateAsync).Accepts<RuleRequest>("application/json").Produces<RuleView>(StatusCodes.Status201Created).WithName("CreateRule").Requires(Role.Responder).WithSummary("Makes a threshold rule");
        rules.MapPut("/{id}", ReplaceAsync).Accepts<RuleRequest>("application/json").Produces<RuleView>().WithName("ReplaceRule").Requires(Role.Responder).WithSummary("Changes a threshold rule");
        rules.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).WithName("DeleteRule").Requires(Role.Responder).WithSummary("Deletes a threshold rule");
        rules.MapPost("/test", TestAsync).Accepts<RuleRequest>("application/json").Produces<TrialAnswer>().WithName("TestRule").Requires(Role.Responder).WithSummary("Says what a threshold rule would have fired in the last 30 days");
    }

    static async Task<IResult> ListAsync(HttpContext context, RuleStore store)
    {
        var (limit, next) = context.Request.Paging();
        var (rows, more) = await store.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new RuleList([.. rows.Select(RuleView.Of)], more), MetricsJson.Plain.RuleList);
    }

    static async Task<IResult> GetAsync(HttpContext context, RuleStore store, RuleActions actions, string id) =>
        await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } row ? await AnswerAsync(context, actions, row) : TypedResults.NotFound();

    static async Task<IResult> CreateAsync(HttpContext context, RuleDesk desk, RuleActions actions)
    {
        try
        {
            var row = await desk.CreateAsync(context.Caller(), await context.Request.ReadAsync(MetricsJson.Default.RuleRequest), context.RequestAborted);
            context.Response.Headers.Location = $"/api/v1/rules/{row.Rule.Id}";
            return await AnswerAsync(context, actions, row, StatusCodes.Status201Created);
        }
        catch (RuleNameTakenException taken)
        {
            return ProblemResult.Conflict(taken.Message);
        }
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, RuleDesk desk, RuleActions actions, string id)
    {
        try
        {
            var request = await context.Request.ReadAsync(MetricsJson.Default.RuleRequest);
            return await desk.ReplaceAsync(context.Caller(), id, request, context.RequestAborted) is { } row ? await AnswerAsync(context, actions, row) : TypedResults.NotFound();
        }
        catch (RuleNameTakenException taken)
        {
            return ProblemResult.Conflict(taken.Message);
        }
    }

    static async Task<IResult> DeleteAsync(HttpContext context, RuleDesk desk, string id) =>
        await desk.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> TestAsync(HttpContext context, RuleTrial trial)
    {
        try
        {
            return TypedResults.Json(await trial.RunAsync(context.Caller().Tenant, await context.Request.ReadAsync(MetricsJson.Default.RuleRequest), context.RequestAborted), MetricsJson.Plain.TrialAnswer);
        }
        catch (TooManyRowsException tooMany)
        {
            throw new InvalidRequestException(tooMany.Message);
        }
    }

    static async Task<IResult> AnswerAsync(HttpContext context, RuleActions actions, RuleRow row, int status = StatusCodes.Status200OK)
    {
        var problems = await actions.ProblemsAsync(row.Tenant, row.Rule, context.RequestAborted);
        return TypedResults.Json(RuleView.Of(row) with { Problems = problems.Count > 0 ? problems : null }, MetricsJson.Plain.RuleView, statusCode: status);
    }
}
