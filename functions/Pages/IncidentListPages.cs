using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/incidents</c>: the list with its filters, columns and what is done to several at once.</summary>
sealed class IncidentListPages(IncidentLists lists, InterestStore interests, BulkActions bulk, Assignees assignees)
{
    const int Shown = 50;
    const string ColumnsCookie = "wd-columns";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/incidents").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, IncidentListPages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/people", (HttpContext context, IncidentListPages pages) => pages.PeopleAsync(context)).Requires(Role.Responder);
        group.MapPost("/bulk", (HttpContext context, IncidentListPages pages) => pages.BulkAsync(context)).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var (caller, query) = (context.Caller(), context.Request.Query);
        var (_, next) = context.Request.Paging();
        var filter = IncidentFilter.Read(query, caller.Id);
        var mine = await interests.ReadAsync(caller.Tenant, caller.Id, context.RequestAborted);
        var (items, more) = await lists.ListAsync(caller.Tenant, filter, mine, Shown, next, context.RequestAborted);
        var rows = items.Select(incident => (incident, mine.In(incident))).ToList();
        return new Page<IncidentsPage>(
            PageFrame.Of(context, filter.IsOpen ? "Open incidents" : "Resolved incidents"),
            ("Rows", rows), ("Filter", filter), ("Next", more), ("Columns", ColumnsOf(context)), ("Undo", UndoOf(query["undo"])), ("HasSubscribed", mine.Mine.Count > 0));
    }

    /// <summary>Who may be given something, for the list of suggestions: read only when somebody opens a menu.</summary>
    async Task<IResult> PeopleAsync(HttpContext context)
    {
        var people = await assignees.ListAsync(context.Caller().Tenant, context.RequestAborted);
        return TypedResults.Text(string.Join('\n', people.Select(user => user.Login)));
    }

    async Task<IResult> BulkAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var back = BackOf(form["back"]);
        var action = form["action"].ToString();
        var ids = form["id"].OfType<string>().ToList();
        if (ids.Count == 0)
        {
            return DoneText.Redirect(context, back, "nothing");
        }

        var request = new BulkRequest(action, ids, form["user"].ToString());
        var answer = await bulk.ApplyAsync(context.Caller(), request, context.RequestAborted);
        return DoneText.Redirect(context, WithUndo(back, action == "undo" ? [] : answer.Done), answer.NotDone.Count > 0 ? "some" : action == "undo" ? "undone" : "changed");
    }

    /// <summary>Chosen now, or some time before; a cookie keeps it.</summary>
    static IReadOnlySet<string> ColumnsOf(HttpContext context)
    {
        var asked = context.Request.Query["column"].OfType<string>().Where(IncidentColumns.IsKnown).ToList();
        if (asked.Count > 0)
        {
            context.Response.Cookies.Append(ColumnsCookie, string.Join('.', asked), new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Path = "/incidents", MaxAge = TimeSpan.FromDays(365), Secure = context.Request.IsHttps });
            return asked.ToHashSet(StringComparer.Ordinal);
        }

        var kept = (context.Request.Cookies[ColumnsCookie] ?? "").Split('.').Where(IncidentColumns.IsKnown).ToHashSet(StringComparer.Ordinal);
        return kept.Count > 0 ? kept : IncidentColumns.Usual;
    }

    static IReadOnlyList<string> UndoOf(string? text) =>
        [.. (text ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries).Where(IncidentsApi.IsId).Take(BulkActions.Most)];

    public static string WithUndo(string back, IReadOnlyList<string> done) =>
        done.Count == 0 ? back : $"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}undo={string.Join('.', done)}";

    /// <summary>Back to the list as it was filtered; nowhere else.</summary>
    public static string BackOf(string? back) => back is { Length: > 0 and < 1000 } query && !query.Any(char.IsControl) ? "/incidents?" + query.TrimStart('?') : "/incidents";
}
