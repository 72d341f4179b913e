using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

/// <summary><c>/api/v1/rules</c>: threshold rules, and what one would have done.</summary>
static class RulesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/rules").WithTags("Rules");
        rules.MapGet("", ListAsync).Produces<RuleList>().WithName("ListRules").Requires(Role.Reader);
        rules.MapGet("/{id}", GetAsync).Produces<RuleView>().WithName("GetRule").Requires(Role.Reader);
        rules.MapPost("", CreateAsync).Accepts<RuleRequest>("application/json").Produces<RuleView>(StatusCodes.Status201Created).WithName("CreateRule").Requires(Role.Responder);
        rules.MapPut("/{id}", ReplaceAsync).Accepts<RuleRequest>("application/json").Produces<RuleView>().WithName("ReplaceRule").Requires(Role.Responder);
        rules.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).WithName("DeleteRule").Requires(Role.Responder);
        rules.MapPost("/test", TestAsync).Accepts<RuleRequest>("application/json").Produces<TrialAnswer>().WithName("TestRule").Requires(Role.Responder);
    }

    static async Task<IResult> ListAsync(HttpContext context, RuleStore store)
    {
        var (limit, next) = context.Request.Paging();
        var (rows, more) = await store.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new RuleList([.. rows.Select(RuleView.Of)], more), MetricsJson.Plain.RuleList);
    }

    static async Task<IResult> GetAsync(HttpContext context, RuleStore store, string id) =>
        await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } row ? Answer(row) : TypedResults.NotFound();

    static async Task<IResult> CreateAsync(HttpContext context, RuleDesk desk)
    {
        var row = await desk.CreateAsync(context.Caller(), await context.Request.ReadAsync(MetricsJson.Default.RuleRequest), context.RequestAborted);
        context.Response.Headers.Location = $"/api/v1/rules/{row.Rule.Id}";
        return Answer(row, StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, RuleDesk desk, string id) =>
        await desk.ReplaceAsync(context.Caller(), id, await context.Request.ReadAsync(MetricsJson.Default.RuleRequest), context.RequestAborted) is { } row ? Answer(row) : TypedResults.NotFound();

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

    static IResult Answer(RuleRow row, int status = StatusCodes.Status200OK) => TypedResults.Json(RuleView.Of(row), MetricsJson.Plain.RuleView, statusCode: status);
}
