using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/silences</c>: what nobody is told of for a time, and why.</summary>
static class SilencesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var silences = routes.MapGroup("/api/v1/silences").WithTags("silences");
        silences.MapGet("", ListAsync).Produces<SilenceList>().Requires(Role.Reader).WithSummary("Lists silences");
        silences.MapGet("/{id}", GetAsync).Produces<SilenceAnswer>().Requires(Role.Reader).WithSummary("Shows a silence");
        silences.MapPost("", CreateAsync).Accepts<SilenceRequest>("application/json").Produces<SilenceAnswer>(StatusCodes.Status201Created).Requires(Role.Responder).WithSummary("Silences what matches for a time");
        silences.MapPost("/preview", PreviewAsync).Accepts<SilenceRequest>("application/json").Produces<SilencePreview>().Requires(Role.Responder).WithSummary("Shows what a silence would hide");
        silences.MapPut("/{id}", ReplaceAsync).Accepts<SilenceRequest>("application/json").Produces<SilenceAnswer>().Requires(Role.Responder).WithSummary("Changes a silence");
        silences.MapPost("/{id}/end", EndAsync).Produces<SilenceAnswer>().Requires(Role.Responder).WithSummary("Ends a silence now");
    }

    static async Task<IResult> ListAsync(HttpContext context, SilenceStore store, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var all = await store.ListAsync(context.Caller().Tenant, context.RequestAborted);
        return TypedResults.Json(new SilenceList([.. all.Select(silence => SilenceAnswer.Of(silence, now))]), IncidentsJson.Plain.SilenceList);
    }

    static async Task<IResult> GetAsync(HttpContext context, SilenceDesk desk, TimeProvider clock, string id) =>
        Answer(await desk.FindAsync(context.Caller().Tenant, id, context.RequestAborted), clock);

    static async Task<IResult> CreateAsync(HttpContext context, SilenceDesk desk, TimeProvider clock)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.SilenceRequest);
        var made = (await desk.SaveAsync(context.Caller(), null, request, context.RequestAborted))!;
        context.Response.Headers.Location = "/api/v1/silences/" + made.Id;
        return TypedResults.Json(SilenceAnswer.Of(made, clock.GetUtcNow()), IncidentsJson.Plain.SilenceAnswer, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, SilenceDesk desk, TimeProvider clock, string id)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Plain.SilenceRequest);
        return Answer(await desk.SaveAsync(context.Caller(), id, request, context.RequestAborted), clock);
    }

    static async Task<IResult> EndAsync(HttpContext context, SilenceDesk desk, TimeProvider clock, string id) =>
        Answer(await desk.EndAsync(context.Caller(), id, context.RequestAborted), clock);

    static async Task<IResult> PreviewAsync(HttpContext context, SilenceDesk desk)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.SilenceRequest);
        return TypedResults.Json(await desk.PreviewAsync(context.Caller().Tenant, request, context.RequestAborted), IncidentsJson.Plain.SilencePreview);
    }

    static IResult Answer(Silence? silence, TimeProvider clock) =>
        silence is null ? TypedResults.NotFound() : TypedResults.Json(SilenceAnswer.Of(silence, clock.GetUtcNow()), IncidentsJson.Plain.SilenceAnswer);
}
