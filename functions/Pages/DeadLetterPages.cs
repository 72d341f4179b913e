using System.Text;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/deadletters</c>: what was set aside, and its buttons.</summary>
static class DeadLetterPages
{
    const int Shown = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/deadletters").ExcludeFromDescription();
        pages.MapGet("", ListAsync).Requires(Role.Reader);
        pages.MapGet("/{id}", ShowAsync).Requires(Role.Reader);
        pages.MapPost("/{id}/replay", ReplayAsync).Requires(Role.Operator);
        pages.MapPost("/{id}/delete", DeleteAsync).Requires(Role.Operator);
    }

    static async Task<IResult> ListAsync(HttpContext context, DeadLetters letters)
    {
        var (_, next) = context.Request.Paging();
        var page = await letters.ListAsync(context.Caller().Tenant, Shown, next, context.RequestAborted);
        return new Page<DeadLettersPage>(PageFrame.Of(context, "Dead letters"), ("Letters", page.Letters), ("Next", page.Next));
    }

    static async Task<IResult> ShowAsync(HttpContext context, DeadLetters letters, string id) =>
        await letters.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is var (letter, body)
            ? new Page<DeadLetterPage>(PageFrame.Of(context, "Dead letter"), ("Letter", letter), ("Body", Encoding.UTF8.GetString(body)))
            : NotFound.Of(context);

    static async Task<IResult> ReplayAsync(HttpContext context, DeadLetters letters, string id)
    {
        var isDone = await letters.ReplayAsync(context.Caller().Tenant, id, context.RequestAborted);
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        return DoneText.Redirect(context, form?["back"].ToString() == "/" ? "/" : "/deadletters", isDone ? "replayed" : "gone");
    }

    static async Task<IResult> DeleteAsync(HttpContext context, DeadLetters letters, string id) =>
        DoneText.Redirect(context, "/deadletters", await letters.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? "deleted" : "gone");
}
