using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Escalations;

/// <summary><c>/api/v1/escalations</c>: whom an incident goes to that nobody takes, and who is on call.</summary>
static class EscalationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var escalations = routes.MapGroup("/api/v1/escalations").WithTags("escalations");
        escalations.MapGet("", ListAsync).Produces<PolicyList>().Requires(Role.Reader).WithSummary("Lists escalation policies");
        escalations.MapPost("", CreateAsync).Accepts<PolicyRequest>("application/json").Produces<EscalationPolicy>(StatusCodes.Status201Created).Requires(Role.Admin).WithSummary("Makes an escalation policy");
        escalations.MapGet("/{id}", GetAsync).Produces<EscalationPolicy>().Requires(Role.Reader).WithSummary("Shows an escalation policy");
        escalations.MapPut("/{id}", ReplaceAsync).Accepts<PolicyRequest>("application/json").Produces<EscalationPolicy>().Requires(Role.Admin).WithSummary("Changes an escalation policy");
        escalations.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).Requires(Role.Admin).WithSummary("Deletes an escalation policy");
        escalations.MapGet("/rotation", RotationAsync).Produces<RotationAnswer>().Requires(Role.Reader).WithSummary("Shows who is on call now and next");
        escalations.MapPut("/rotation", ChangeRotationAsync).Accepts<RotationRequest>("application/json").Produces<RotationAnswer>().Requires(Role.Admin).WithSummary("Changes the weekly rotation");
        escalations.MapPost("/rotation/overrides", StandInAsync).Accepts<OverrideRequest>("application/json").Produces<RotationAnswer>().Requires(Role.Responder).WithSummary("Lets somebody stand in for a time");
        escalations.MapPost("/rotation/overrides/end", StandDownAsync).Accepts<OverrideRequest>("application/json").Produces<RotationAnswer>().Requires(Role.Responder).WithSummary("Ends the time of who stands in");
    }

    static async Task<IResult> ListAsync(HttpContext context, EscalationStore store) =>
        TypedResults.Json(new PolicyList(await store.PoliciesAsync(context.Caller().Tenant, context.RequestAborted)), EscalationsJson.Plain.PolicyList);

    static async Task<IResult> GetAsync(HttpContext context, EscalationStore store, string id) =>
        Answer((await store.PoliciesAsync(context.Caller().Tenant, context.RequestAborted)).FirstOrDefault(policy => policy.Id == id));

    static async Task<IResult> CreateAsync(HttpContext context, EscalationDesk desk)
    {
        var request = await context.Request.ReadAsync(EscalationsJson.Default.PolicyRequest);
        var made = (await desk.SaveAsync(context.Caller().Tenant, null, request, context.RequestAborted))!;
        context.Response.Headers.Location = "/api/v1/escalations/" + made.Id;
        return TypedResults.Json(made, EscalationsJson.Plain.EscalationPolicy, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, EscalationDesk desk, string id) =>
        Answer(await desk.SaveAsync(context.Caller().Tenant, id, await context.Request.ReadAsync(EscalationsJson.Default.PolicyRequest), context.RequestAborted));

    static async Task<IResult> DeleteAsync(HttpContext context, EscalationDesk desk, string id) =>
        await desk.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> RotationAsync(HttpContext context, RotationDesk desk) =>
        TypedResults.Json(await desk.ReadAsync(context.Caller().Tenant, context.RequestAborted), EscalationsJson.Plain.RotationAnswer);

    static async Task<IResult> ChangeRotationAsync(HttpContext context, RotationDesk desk)
    {
        await desk.SaveAsync(context.Caller().Tenant, await context.Request.ReadAsync(EscalationsJson.Default.RotationRequest), context.RequestAborted);
        return await RotationAsync(context, desk);
    }

    static async Task<IResult> StandInAsync(HttpContext context, RotationDesk desk)
    {
        await desk.StandInAsync(context.Caller().Tenant, await context.Request.ReadAsync(EscalationsJson.Default.OverrideRequest), context.RequestAborted);
        return await RotationAsync(context, desk);
    }

    static async Task<IResult> StandDownAsync(HttpContext context, RotationDesk desk) =>
        await desk.StandDownAsync(context.Caller().Tenant, await context.Request.ReadAsync(EscalationsJson.Default.OverrideRequest), context.RequestAborted) ? await RotationAsync(context, desk) : TypedResults.NotFound();

    static IResult Answer(EscalationPolicy? policy) => policy is null ? TypedResults.NotFound() : TypedResults.Json(policy, EscalationsJson.Plain.EscalationPolicy);
}
