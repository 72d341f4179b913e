using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/subscriptions</c>: who wants to hear of which part of the organisation.</summary>
static class SubscriptionsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.MapGroup("/api/v1/subscriptions").WithTags("subscriptions");
        subscriptions.MapGet("", ListAsync).Produces<SubscriptionList>().Requires(Role.Reader).WithSummary("Lists subscriptions");
        subscriptions.MapGet("/{id}", GetAsync).Produces<SubscriptionAnswer>().Requires(Role.Reader).WithSummary("Shows a subscription");
        subscriptions.MapPost("", CreateAsync).Accepts<SubscriptionRequest>("application/json").Produces<SubscriptionAnswer>(StatusCodes.Status201Created).Requires(Role.Responder).WithSummary("Subscribes a group or a person to a part of the organisation");
        subscriptions.MapPut("/{id}", ReplaceAsync).Accepts<SubscriptionRequest>("application/json").Produces<SubscriptionAnswer>().Requires(Role.Responder).WithSummary("Changes a subscription");
        subscriptions.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).Requires(Role.Responder).WithSummary("Ends a subscription");
    }

    static async Task<IResult> ListAsync(HttpContext context, SubscriptionStore store)
    {
        var (limit, next) = context.Request.Paging();
        var (items, more) = await store.PageAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new SubscriptionList([.. items.Select(SubscriptionAnswer.Of)], more), IncidentsJson.Plain.SubscriptionList);
    }

    static async Task<IResult> GetAsync(HttpContext context, SubscriptionStore store, string id) =>
        await FindAsync(context, store, id) is { } found ? Answer(found) : TypedResults.NotFound();

    static async Task<IResult> CreateAsync(HttpContext context, SubscriptionDesk desk)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.SubscriptionRequest);
        if (!SubscriptionDesk.MayHold(context.Caller(), request))
        {
            return Refused;
        }

        var made = await desk.SaveAsync(context.Caller().Tenant, null, request, context.RequestAborted);
        context.Response.Headers.Location = "/api/v1/subscriptions/" + made.Id;
        return TypedResults.Json(SubscriptionAnswer.Of(made), IncidentsJson.Plain.SubscriptionAnswer, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, SubscriptionStore store, SubscriptionDesk desk, string id)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Plain.SubscriptionRequest);
        if (await FindAsync(context, store, id) is not { } stored)
        {
            return TypedResults.NotFound();
        }

        return SubscriptionDesk.MayChange(context.Caller(), stored) && SubscriptionDesk.MayHold(context.Caller(), request)
            ? Answer(await desk.SaveAsync(context.Caller().Tenant, id, request, context.RequestAborted))
            : Refused;
    }

    static async Task<IResult> DeleteAsync(HttpContext context, SubscriptionStore store, string id)
    {
        if (await FindAsync(context, store, id) is not { } stored)
        {
            return TypedResults.NotFound();
        }

        if (!SubscriptionDesk.MayChange(context.Caller(), stored))
        {
            return Refused;
        }

        await store.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Subscription?> FindAsync(HttpContext context, SubscriptionStore store, string id) =>
        SubscriptionDesk.IsId(id) ? await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) : null;

    static IResult Answer(Subscription subscription) => TypedResults.Json(SubscriptionAnswer.Of(subscription), IncidentsJson.Plain.SubscriptionAnswer);

    static Problem Refused => new(StatusCodes.Status403Forbidden, "Subscribe yourself: user is your own id. An admin subscribes groups and others.");
}
