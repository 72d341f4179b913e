using System.Text;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents.Reports;

/// <summary><c>/api/v1/reports</c>: what happened in some days, as JSON, or its incidents as CSV.</summary>
public static class ReportsApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/reports", GetAsync).Requires(Role.Reader).WithTags("Reports").WithName("GetReport").Produces<IncidentReport>()
        .WithDescription("?from= and ?to= are days, both in the report, the last 7 when left out; ?zone= an IANA time zone, UTC when left out; ?format=csv gives one line for each incident.")
        .WithSummary("Reports mails and incidents of some days");

    static async Task<IResult> GetAsync(HttpContext context, ReportDesk desk, TimeProvider clock, string? from, string? to, string? zone, string? format)
    {
        var range = ReportRange.Parse(from, to, zone, clock.GetUtcNow());
        return format switch
        {
            null or "" or "json" => TypedResults.Json(await desk.RunAsync(context.Caller().Tenant, range, context.RequestAborted), IncidentsJson.Plain.IncidentReport),
            "csv" => await CsvAsync(context, desk, range),
            _ => throw new InvalidRequestException("format is json or csv."),
        };
    }

    static async Task<IResult> CsvAsync(HttpContext context, ReportDesk desk, ReportRange range)
    {
        var (cases, _) = await desk.CasesAsync(context.Caller().Tenant, range, context.RequestAborted);
        return TypedResults.File(Encoding.UTF8.GetBytes(ReportCsv.Of(cases)), "text/csv; charset=utf-8", $"incidents-{ReportRange.Text(range.First)}-{ReportRange.Text(range.Last)}.csv");
    }
}
