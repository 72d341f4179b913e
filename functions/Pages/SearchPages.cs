using Watchdesk.Hosting;
using Watchdesk.Mail.Search;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/search</c>.</summary>
sealed class SearchPages(SearchDesk desk)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/search", (HttpContext context, SearchPages pages) => pages.ShowAsync(context)).Requires(Role.Reader).ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (text, kind) = (context.Request.Query["q"].ToString(), context.Request.Query["kind"].ToString());
        var (_, next) = context.Request.Paging();
        SearchAnswer? answer = null;
        string? problem = null;
        try
        {
            answer = text.Trim().Length == 0 ? null : await desk.RunAsync(context.Caller().Tenant, SearchQuery.Parse(text), SearchApi.KindOf(kind), next, context.RequestAborted);
        }
        catch (InvalidRequestException wrong)
        {
            problem = wrong.Message;
        }

        return new Page<SearchPage>(PageFrame.Of(context, text.Trim().Length > 0 ? $"Search: {text}" : "Search"), ("Text", text), ("Kind", kind), ("Answer", answer), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }
}
