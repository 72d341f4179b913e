using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <summary><c>/api/v1/operations</c>, and the seed's <c>/api/v1.0/cmd/response/{id}</c>.</summary>
static class OperationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("/api/v1/operations").WithTags("operations");
        operations.MapPost("", AskAsync).Accepts<OperationRequest>("application/json").Produces<OperationAnswer>(StatusCodes.Status202Accepted).Requires(Role.Responder).WithSummary("Asks for something in a sentence");
        operations.MapGet("", ListAsync).Produces<OperationList>().Requires(Role.Reader).WithSummary("Lists operations, newest first");
        operations.MapGet("/settings", SettingsAsync).Produces<OperationSettings>().Requires(Role.Reader).WithSummary("Shows how operations are run");
        operations.MapPut("/settings", ChangeSettingsAsync).Accepts<OperationSettings>("application/json").Produces<OperationSettings>().Requires(Role.Admin).WithSummary("Changes how operations are run");
        operations.MapGet("/{id}", GetAsync).Produces<OperationAnswer>().Requires(Role.Reader).WithSummary("Shows an operation with its steps and output");
        operations.MapPost("/{id}/approve", (HttpContext context, OperationDesk desk, string id) => DecideAsync(context, desk, id, isApproved: true)).Accepts<DecisionRequest>("application/json").Produces<OperationAnswer>().Requires(Role.Approver).WithSummary("Approves what another person asked for");
        operations.MapPost("/{id}/reject", (HttpContext context, OperationDesk desk, string id) => DecideAsync(context, desk, id, isApproved: false)).Accepts<DecisionRequest>("application/json").Produces<OperationAnswer>().Requires(Role.Approver).WithSummary("Rejects what another person asked for");
        operations.MapPost("/{id}/cancel", CancelAsync).Produces<OperationAnswer>().Requires(Role.Responder).WithSummary("Cancels an operation");
        routes.MapGet("/api/v1.0/cmd/response/{requestId}", ResponseAsync).WithTags("amigo").Produces<CommandResponse>().Requires(Role.Reader).WithSummary("Shows the record of a request");
    }

    static async Task<IResult> AskAsync(HttpContext context, OperationDesk desk)
    {
        var request = await context.Request.ReadAsync(OperationsJson.Default.OperationRequest);
        var outcome = await desk.AskAsync(context.Caller(), request, context.RequestAborted);
        if (outcome.Operation is not { } operation)
        {
            return ProblemResult.Conflict(outcome.Refusal!);
        }

        context.Response.Headers.Location = "/api/v1/operations/" + operation.Id;
        return TypedResults.Json(OperationAnswer.Of(operation), OperationsJson.Plain.OperationAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    static async Task<IResult> ListAsync(HttpContext context, OperationStore store)
    {
        var (limit, next) = context.Request.Paging();
        var page = await store.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new OperationList([.. page.Items.Select(OperationAnswer.Of)], page.Next), OperationsJson.Plain.OperationList);
    }

    static async Task<IResult> GetAsync(HttpContext context, OperationStore store, string id) =>
        Answer(new OperationOutcome(await store.FindAsync(context.Caller().Tenant, id, context.RequestAborted)));

    static async Task<IResult> DecideAsync(HttpContext context, OperationDesk desk, string id, bool isApproved)
    {
        var request = await context.Request.ReadAsync(OperationsJson.Default.DecisionRequest);
        return Answer(await desk.DecideAsync(context.Caller(), id, isApproved, request.Seen, request.Why, context.RequestAborted));
    }

    static async Task<IResult> CancelAsync(HttpContext context, OperationDesk desk, string id) => Answer(await desk.CancelAsync(context.Caller(), id, context.RequestAborted));

    static async Task<IResult> ResponseAsync(HttpContext context, OperationStore store, string requestId) =>
        await store.FindAsync(context.Caller().Tenant, requestId, context.RequestAborted) is { } operation
            ? TypedResults.Json(CommandResponse.Of(operation), OperationsJson.Plain.CommandResponse)
            : TypedResults.NotFound();

    static async Task<IResult> SettingsAsync(HttpContext context, TenantStore tenants) => Answer((await tenants.GetAsync(context.Caller().Tenant, context.RequestAborted))!.Operations);

    static async Task<IResult> ChangeSettingsAsync(HttpContext context, TenantStore tenants)
    {
        var request = await context.Request.ReadAsync(OperationsJson.Default.OperationSettings);
        if (request.ApproveWithin < OperationRules.Shortest || request.ApproveWithin > OperationRules.Longest)
        {
            throw new InvalidRequestException($"approveWithin is {OperationRules.Shortest:c} to {OperationRules.Longest:c}.");
        }

        var tenant = (await tenants.GetAsync(context.Caller().Tenant, context.RequestAborted))!;
        var rules = new OperationRules(!request.Approval, request.DryRun) { ApproveWithin = request.ApproveWithin };
        await tenants.UpdateAsync(tenant with { Operations = rules }, context.RequestAborted);
        return Answer(rules);
    }

    static IResult Answer(OperationRules rules) => TypedResults.Json(new OperationSettings(!rules.IsApprovalOff, rules.IsDryRun, rules.ApproveWithin), OperationsJson.Plain.OperationSettings);

    static IResult Answer(OperationOutcome outcome) => outcome switch
    {
        { Refusal: { } refusal } => ProblemResult.Conflict(refusal),
        { Operation: { } operation } => TypedResults.Json(OperationAnswer.Of(operation), OperationsJson.Plain.OperationAnswer),
        _ => TypedResults.NotFound(),
    };
}
