using Microsoft.AspNetCore.Http.HttpResults;
using Watchdesk.Hosting;
using Watchdesk.Incidents.Search;
using Watchdesk.Tenants;

namespace Watchdesk.Mail.Search;

/// <summary><c>/api/v1/search</c>: incidents and mails of the last 90 days by their words.</summary>
static class SearchApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/search", SearchAsync).Requires(Role.Reader).WithTags("Search").WithName("Search")
        .WithDescription("?q= words, beginnings such as db*, \"phrases\"; all must be found. ?kind=mail or incident. Newest first; next searches older.")
        .WithSummary("Searches incidents and mails");

    static async Task<JsonHttpResult<SearchAnswer>> SearchAsync(HttpContext context, SearchDesk desk, string? q, string? kind)
    {
        var (_, next) = context.Request.Paging();
        return TypedResults.Json(await desk.RunAsync(context.Caller().Tenant, SearchQuery.Parse(q), KindOf(kind), next, context.RequestAborted), MailJson.Plain.SearchAnswer);
    }

    /// <summary>Null for both.</summary>
    /// <exception cref="InvalidRequestException">There is no such kind.</exception>
    public static FoundKind? KindOf(string? kind) => kind switch
    {
        null or "" => null,
        "mail" => FoundKind.Mail,
        "incident" => FoundKind.Incident,
        _ => throw new InvalidRequestException("kind is mail or incident, or left out for both."),
    };
}
