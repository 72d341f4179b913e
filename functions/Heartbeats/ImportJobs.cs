using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary><c>POST /api/v1/jobs/import</c> takes what <c>crontab -l</c> prints; <c>?timeZone=</c> is where the cron daemon lives (default UTC).</summary>
public sealed class ImportJobs(JobStore store, IOptions<DeskOptions> options, TimeProvider clock)
{
    const int MaxCharacters = 1_000_000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/jobs/import", (HttpContext context, ImportJobs import, string? timeZone) => import.ImportAsync(context, timeZone))
            .WithName("ImportJobs").WithTags("Jobs").Accepts<string>("text/plain", "*/*").Requires(Role.Responder)
            .WithSummary("Makes jobs of a crontab");

    async Task<JsonHttpResult<ImportResult>> ImportAsync(HttpContext context, string? timeZone)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var buffer = new char[MaxCharacters + 1];
        var length = await reader.ReadBlockAsync(buffer, context.RequestAborted);
        if (length > MaxCharacters)
        {
            throw new InvalidRequestException($"The crontab is longer than {MaxCharacters} characters.");
        }

        var tenant = context.Caller().Tenant;
        var now = clock.GetUtcNow();
        var (created, refused) = (new List<JobView>(), new List<RefusedLine>());
        var table = Crontab.Parse(new string(buffer, 0, length), timeZone ?? "UTC");
        refused.AddRange(table.Errors.Select(error => new RefusedLine(error.Number, error.Reason)));
        foreach (var line in table.Lines)
        {
            var job = NewJob.From(new JobRequest(line.Name, JobRequest.Slugify(line.Name), Schedule: CronSchedule.Parse(line.Expression, line.TimeZone, CronSchedule.DefaultGrace)), now);
            if (await store.CreateAsync(tenant, job, context.RequestAborted) is { } row)
            {
                created.Add(JobView.Of(row, options.Value.PublicUrl, now));
            }
            else
            {
                refused.Add(new RefusedLine(line.Number, SlugTakenException.Say(job.Slug, job.Name)));
            }
        }

        return TypedResults.Json(new ImportResult(created, [.. refused.OrderBy(refusal => refusal.Line)]), JobJson.Plain.ImportResult);
    }
}
