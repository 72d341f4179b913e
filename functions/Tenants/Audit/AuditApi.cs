using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.Audit;

/// <param name="ResponseMs">The whole, in milliseconds.</param>
/// <param name="ProcessingMs">The part after sign-in.</param>
public sealed record AuditView(DateTimeOffset At, string Who, string WhoId, string Method, string Route, string? Path, int Status, double ResponseMs, double ProcessingMs, string RequestId, string Address, string Channel)
{
    public static AuditView Of(AuditEntry entry) => new(
        entry.At, entry.Who, entry.WhoId, entry.Method, entry.Route, entry.Path, entry.Status, Math.Round(entry.Took.TotalMilliseconds, 3), Math.Round(entry.Worked.TotalMilliseconds, 3), entry.RequestId, entry.Address, entry.Channel);
}

public sealed record AuditPage(IReadOnlyList<AuditView> Items, string? Next);

/// <summary><c>/api/v1/audit</c>: every request of the caller's tenant and its answer; in <c>main</c> also those of nobody.</summary>
static class AuditApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/v1/audit").WithTags("audit").Requires(Role.Admin);
        audit.MapGet("", ListAsync).Produces<AuditPage>().WithSummary("Lists requests and their answers");
        audit.MapGet("/summary", SummarizeAsync).Produces<AuditSummary>().WithSummary("Sums requests up by route and channel");
    }

    static async Task<IResult> ListAsync(HttpContext context, AuditDesk desk, TimeProvider clock)
    {
        var (limit, next) = context.Request.Paging();
        var page = await desk.PageAsync(context.Caller().Tenant, AuditFilter.Of(context.Request, clock.GetUtcNow()), limit, next, context.RequestAborted);
        return TypedResults.Json(new AuditPage([.. page.Entries.Select(AuditView.Of)], page.Next), AuditJson.Plain.AuditPage);
    }

    static async Task<IResult> SummarizeAsync(HttpContext context, AuditDesk desk, TimeProvider clock)
    {
        var filter = AuditFilter.Of(context.Request, clock.GetUtcNow(), TimeSpan.FromDays(1));
        return TypedResults.Json(await desk.SummarizeAsync(context.Caller().Tenant, filter, context.RequestAborted), AuditJson.Plain.AuditSummary);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditSummary))]
sealed partial class AuditJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static AuditJson Plain => field ??= new(AnswerJson.Of(Default));
}
