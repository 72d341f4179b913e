using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <param name="User">Id or e-mail address of a person of the tenant.</param>
public sealed record AssignRequest(string? User = null);

/// <param name="Reason">At most 1,000 characters.</param>
public sealed record CompleteRequest(string? Reason = null);

/// <param name="Into">Id of the open incident that stays.</param>
public sealed record MergeRequest(string? Into = null);

/// <param name="Subjects">Keys of signals that are bad now, as the list of signals has them.</param>
public sealed record SplitRequest(IReadOnlyList<string>? Subjects = null);

/// <summary><c>/api/v1/incidents/{id}/…</c>: who has an incident, and what belongs to it.</summary>
static class OwnershipApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/incidents/bulk", BulkAsync).WithTags("incidents").Accepts<BulkRequest>("application/json").Produces<BulkAnswer>().Requires(Role.Responder).WithSummary("Does one thing with several incidents");
        var one = routes.MapGroup("/api/v1/incidents/{id}").WithTags("incidents");
        one.MapGet("/signals", SignalsAsync).Produces<SignalPage>().Requires(Role.Reader).WithSummary("Lists the signals of an incident");
        one.MapPost("/take", TakeAsync).Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Takes an incident");
        one.MapPost("/assign", AssignAsync).Accepts<AssignRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Gives an incident to somebody");
        one.MapPost("/release", ReleaseAsync).Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Gives an incident back");
        one.MapPost("/complete", CompleteAsync).Accepts<CompleteRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Completes an incident");
        one.MapPost("/reopen", ReopenAsync).Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Opens an incident again");
        one.MapPost("/undo", UndoAsync).Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Takes back the last change of who has an incident");
        one.MapPost("/merge", MergeAsync).Accepts<MergeRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Merges incidents into one");
        one.MapPost("/split", (HttpContext context, IncidentMerges merges, TimeProvider clock, string id) => SplitAsync(context, merges, clock, id, isNew: true))
            .Accepts<SplitRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder)
            .WithSummary("Moves signals into an incident of their own");
        one.MapPost("/unlink", (HttpContext context, IncidentMerges merges, TimeProvider clock, string id) => SplitAsync(context, merges, clock, id, isNew: false))
            .Accepts<SplitRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder)
            .WithSummary("Takes signals out of an incident");
    }

    static async Task<IResult> SignalsAsync(HttpContext context, IncidentStore store, IncidentLists lists, string id)
    {
        var tenant = context.Caller().Tenant;
        var (limit, next) = context.Request.Paging();
        return IncidentsApi.IsId(id) && await store.GetAsync(tenant, id, context.RequestAborted) is { } incident
            ? TypedResults.Json(await lists.SignalsAsync(tenant, incident, limit, next, context.RequestAborted), IncidentsJson.Plain.SignalPage)
            : TypedResults.NotFound();
    }

    static Task<IResult> TakeAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id) =>
        IncidentsApi.AnswerAsync(context, id, tag => actions.AssignAsync(context.Caller(), id, new Ownership(context.Caller().Id, context.Caller().Name), tag, clock.GetUtcNow(), context.RequestAborted));

    static async Task<IResult> AssignAsync(HttpContext context, IncidentActions actions, Assignees assignees, TimeProvider clock, string id)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.AssignRequest);
        var to = await assignees.FindAsync(context.Caller().Tenant, request.User, context.RequestAborted);
        return await IncidentsApi.AnswerAsync(context, id, tag => actions.AssignAsync(context.Caller(), id, to, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static Task<IResult> ReleaseAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id) =>
        IncidentsApi.AnswerAsync(context, id, tag => actions.AssignAsync(context.Caller(), id, Ownership.Nobody, tag, clock.GetUtcNow(), context.RequestAborted));

    static async Task<IResult> CompleteAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id)
    {
        var request = IncidentsApi.HasNoBody(context) ? new CompleteRequest() : await context.Request.ReadAsync(IncidentsJson.Default.CompleteRequest);
        var reason = IncidentsApi.Text(request.Reason ?? IncidentsApi.Completed, "reason", IncidentsApi.MaxReason);
        return await IncidentsApi.AnswerAsync(context, id, tag => actions.ResolveAsync(context.Caller(), id, reason, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static Task<IResult> ReopenAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id) =>
        IncidentsApi.AnswerAsync(context, id, tag => actions.ReopenAsync(context.Caller(), id, tag, clock.GetUtcNow(), context.RequestAborted), "It is open, or it was merged into another one: take its signals out there.");

    static Task<IResult> UndoAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id) =>
        IncidentsApi.AnswerAsync(context, id, tag => actions.UndoAsync(context.Caller(), id, tag, clock.GetUtcNow(), context.RequestAborted), "There is nothing to undo.");

    static async Task<IResult> MergeAsync(HttpContext context, IncidentMerges merges, TimeProvider clock, string id)
    {
        var into = (await context.Request.ReadAsync(IncidentsJson.Default.MergeRequest)).Into is { } given && IncidentsApi.IsId(given) ? given : throw new InvalidRequestException("into is the id of an open incident.");
        return await IncidentsApi.AnswerAsync(context, id, tag => merges.MergeAsync(context.Caller(), id, into, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static async Task<IResult> SplitAsync(HttpContext context, IncidentMerges merges, TimeProvider clock, string id, bool isNew)
    {
        var subjects = (await context.Request.ReadAsync(IncidentsJson.Default.SplitRequest)).Subjects ?? [];
        return await IncidentsApi.AnswerAsync(context, id, tag => merges.SplitAsync(context.Caller(), id, subjects, isNew, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static async Task<IResult> BulkAsync(HttpContext context, BulkActions bulk)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.BulkRequest);
        return TypedResults.Json(await bulk.ApplyAsync(context.Caller(), request, context.RequestAborted), IncidentsJson.Plain.BulkAnswer);
    }
}
