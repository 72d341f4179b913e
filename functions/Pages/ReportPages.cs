using Watchdesk.Hosting;
using Watchdesk.Incidents.Reports;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/reports</c>.</summary>
sealed class ReportPages(ReportDesk desk)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports", (HttpContext context, ReportPages pages) => pages.ShowAsync(context)).Requires(Role.Reader).ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (frame, asked) = (PageFrame.Of(context, "Reports"), context.Request.Query);
        var (range, problem) = RangeOf(asked["from"], asked["to"], asked["zone"], frame.Now);
        var report = await desk.RunAsync(context.Caller().Tenant, range, context.RequestAborted);
        return new Page<ReportsPage>(frame, ("Report", report), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    static (ReportRange Range, string? Problem) RangeOf(string? from, string? to, string? zone, DateTimeOffset now)
    {
        try
        {
            return (ReportRange.Parse(from, to, zone, now), null);
        }
        catch (InvalidRequestException wrong)
        {
            return (ReportRange.Parse(null, null, null, now), wrong.Message);
        }
    }
}
