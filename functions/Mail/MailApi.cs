using Microsoft.AspNetCore.Http.HttpResults;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary><c>/api/v1/mail</c>: what came, and what its series owe.</summary>
public sealed class MailApi(MailStore store, UnclassifiedMails unclassified, SeriesRows series, SeriesDesk desk, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var mail = routes.MapGroup("/api/v1/mail").WithTags("Mail");
        mail.MapGet("", (HttpContext context, MailApi api) => api.ListAsync(context)).Requires(Role.Reader).WithName("ListMails")
            .WithDescription("Newest first. ?unclassified=true: only those without organisation, mail rule and job.")
            .WithSummary("Lists mails");
        mail.MapGet("/series", (HttpContext context, MailApi api) => api.ListSeriesAsync(context)).Requires(Role.Reader).WithName("ListSeries").WithSummary("Lists series of mails and what they owe");
        mail.MapPost("/series/{id}/end", (HttpContext context, MailApi api, string id) => api.EndAsync(context, id)).Requires(Role.Responder).WithName("EndSeries")
            .WithDescription("Nothing is owed by the series any more; a mail with a schedule tag begins it anew.")
            .WithSummary("Ends a series of mails");
        mail.MapGet("/{id}", (HttpContext context, MailApi api, string id) => api.GetAsync(context, id)).Requires(Role.Reader).WithName("GetMail").WithSummary("Shows a mail");
    }

    async Task<JsonHttpResult<MailList>> ListAsync(HttpContext context)
    {
        var (limit, next) = context.Request.Paging();
        var (mails, more) = context.Request.Query["unclassified"].ToString() switch
        {
            "true" => await unclassified.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted),
            "" or "false" => await store.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted),
            _ => throw new InvalidRequestException("unclassified is true or false."),
        };
        return TypedResults.Json(new MailList([.. mails.Select(MailAnswer.Of)], more), MailJson.Plain.MailList);
    }

    async Task<Results<JsonHttpResult<MailAnswer>, ProblemResult>> GetAsync(HttpContext context, string id) =>
        await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } mail
            ? TypedResults.Json(MailAnswer.Whole(mail), MailJson.Plain.MailAnswer)
            : new ProblemResult(StatusCodes.Status404NotFound, $"There is no mail {id}. A mail is kept for {MailRetention.Keep.TotalDays:0} days, and stands here a moment after it was accepted.");

    async Task<JsonHttpResult<SeriesList>> ListSeriesAsync(HttpContext context)
    {
        var (limit, next) = context.Request.Paging();
        var (rows, more) = await series.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        var now = clock.GetUtcNow();
        return TypedResults.Json(new SeriesList([.. rows.Select(row => SeriesAnswer.Of(row, now))], more), MailJson.Plain.SeriesList);
    }

    async Task<Results<JsonHttpResult<SeriesAnswer>, ProblemResult>> EndAsync(HttpContext context, string id)
    {
        var now = clock.GetUtcNow();
        return await desk.EndAsync(context.Caller(), id, now, context.RequestAborted) is { } row
            ? TypedResults.Json(SeriesAnswer.Of(row, now), MailJson.Plain.SeriesAnswer)
            : new ProblemResult(StatusCodes.Status404NotFound, $"There is no series {id}.");
    }
}
