using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/incidents</c> and one incident with its story and buttons.</summary>
sealed class IncidentPages(IncidentStore incidents, IncidentLists lists, HistoryStore history, IncidentActions actions, TimeProvider clock)
{
    const int ShownIncidents = 50;
    const int ShownLines = 100;
    const int MaxReason = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/incidents").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, IncidentPages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/{id}", (HttpContext context, IncidentPages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
        group.MapPost("/{id}/acknowledge", (HttpContext context, IncidentPages pages, string id) => pages.AcknowledgeAsync(context, id)).Requires(Role.Responder);
        group.MapPost("/{id}/resolve", (HttpContext context, IncidentPages pages, string id) => pages.ResolveAsync(context, id)).Requires(Role.Responder);
        group.MapPost("/{id}/comment", (HttpContext context, IncidentPages pages, string id) => pages.CommentAsync(context, id)).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var isOpen = context.Request.Query["state"].ToString() != "resolved";
        var (_, next) = context.Request.Paging();
        var (items, more) = await lists.ListAsync(context.Caller().Tenant, isOpen, ShownIncidents, next, context.RequestAborted);
        return new Page<IncidentsPage>(PageFrame.Of(context, "Incidents"), ("Incidents", items), ("IsOpen", isOpen), ("Next", more));
    }

    async Task<IResult> ShowAsync(HttpContext context, string id)
    {
        var tenant = context.Caller().Tenant;
        if (!IsId(id) || await incidents.GetAsync(tenant, id, context.RequestAborted) is not { } incident)
        {
            return NotFound.Of(context);
        }

        var (_, next) = context.Request.Paging();
        var page = await history.ListAsync(tenant, id, ShownLines, next, context.RequestAborted);
        return new Page<IncidentPage>(PageFrame.Of(context, incident.Name), ("Incident", incident), ("Story", page));
    }

    Task<IResult> AcknowledgeAsync(HttpContext context, string id) =>
        ActAsync(context, id, "acknowledged", _ => actions.AcknowledgeAsync(context.Caller(), id, null, null, clock.GetUtcNow(), context.RequestAborted));

    Task<IResult> ResolveAsync(HttpContext context, string id) =>
        ActAsync(context, id, "resolved", form => actions.ResolveAsync(context.Caller(), id, Text(form, "reason", MaxReason), null, clock.GetUtcNow(), context.RequestAborted));

    Task<IResult> CommentAsync(HttpContext context, string id) =>
        ActAsync(context, id, "commented", form => actions.CommentAsync(context.Caller(), id, Text(form, "text", HistoryEntry.MaxText), null, clock.GetUtcNow(), context.RequestAborted));

    static async Task<IResult> ActAsync(HttpContext context, string id, string done, Func<IFormCollection?, Task<ActionResult>> act)
    {
        if (!IsId(id))
        {
            return NotFound.Of(context);
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var result = await act(form);
        return result.Outcome switch
        {
            ActionOutcome.NotFound => NotFound.Of(context),
            ActionOutcome.Done => DoneText.Redirect(context, "/incidents/" + id, done),
            _ => DoneText.Redirect(context, "/incidents/" + id, "closed"),
        };
    }

    static bool IsId(string id) => Guid.TryParseExact(id, "N", out _) && !id.Any(char.IsAsciiLetterUpper);

    /// <summary>Line breaks may stay in what people write; other control characters may not.</summary>
    static string Text(IFormCollection? form, string name, int max) =>
        form?[name].ToString().ReplaceLineEndings("\n").Trim() is { Length: > 0 } given && given.Length <= max
            ? string.Concat(given.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c))
            : throw new InvalidRequestException($"{name} has 1 to {max} characters.");
}
