using System.Text;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

public sealed record DeadLetterPage(IReadOnlyList<DeadLetterEntry> Items, string? Next);

/// <param name="Body">As text; bytes that are not UTF-8 are shown as U+FFFD.</param>
public sealed record DeadLetterView(DeadLetterEntry Letter, string Body);

/// <summary><c>/api/v1/deadletters</c>: what was set aside, with replay.</summary>
static class DeadLettersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/api/v1/deadletters").WithTags("deadletters");
        letters.MapGet("", ListAsync).Requires(Role.Reader).Produces<DeadLetterPage>().WithSummary("Lists what was set aside");
        letters.MapGet("/{id}", GetAsync).Requires(Role.Reader).Produces<DeadLetterView>().WithSummary("Shows something that was set aside");
        letters.MapPost("/{id}/replay", ReplayAsync).Requires(Role.Operator).Produces(StatusCodes.Status204NoContent).WithSummary("Sends something that was set aside again");
        letters.MapDelete("/{id}", DeleteAsync).Requires(Role.Operator).Produces(StatusCodes.Status204NoContent).WithSummary("Deletes something that was set aside");
    }

    static async Task<IResult> ListAsync(HttpContext context, DeadLetters letters)
    {
        var (limit, next) = context.Request.Paging();
        var page = await letters.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new DeadLetterPage(page.Letters, page.Next), TenantsJson.Plain.DeadLetterPage);
    }

    static async Task<IResult> GetAsync(HttpContext context, DeadLetters letters, string id) =>
        await letters.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is var (letter, body)
            ? TypedResults.Json(new DeadLetterView(letter, Encoding.UTF8.GetString(body)), TenantsJson.Plain.DeadLetterView)
            : TypedResults.NotFound();

    static async Task<IResult> ReplayAsync(HttpContext context, DeadLetters letters, string id) =>
        await letters.ReplayAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> DeleteAsync(HttpContext context, DeadLetters letters, string id) =>
        await letters.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();
}
