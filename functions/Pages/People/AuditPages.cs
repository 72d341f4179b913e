using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.Audit;

namespace Watchdesk.Pages.People;

/// <summary><c>/audit</c>: who did what, and how fast the desk answered.</summary>
static class AuditPages
{
    const int Shown = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").Requires(Role.Admin).ExcludeFromDescription();
        audit.MapGet("", ShowAsync);
        audit.MapGet("/times", TimesAsync);
    }

    static async Task<IResult> ShowAsync(HttpContext context, AuditDesk desk, TimeProvider clock)
    {
        var (_, next) = context.Request.Paging();
        var filter = AuditFilter.Of(context.Request, clock.GetUtcNow());
        var page = await desk.PageAsync(context.Caller().Tenant, filter, Shown, next, context.RequestAborted);
        return new Page<AuditPage>(
            PageFrame.Of(context, "Audit"),
            ("Entries", page.Entries), ("Next", page.Next), ("Who", context.Request.Query["who"].ToString()), ("From", context.Request.Query["from"].ToString()), ("To", context.Request.Query["to"].ToString()));
    }

    static async Task<IResult> TimesAsync(HttpContext context, AuditDesk desk, TimeProvider clock)
    {
        var filter = AuditFilter.Of(context.Request, clock.GetUtcNow(), TimeSpan.FromDays(1));
        return new Page<AuditTimesPage>(PageFrame.Of(context, "Response times"), ("Summary", await desk.SummarizeAsync(context.Caller().Tenant, filter, context.RequestAborted)));
    }
}
