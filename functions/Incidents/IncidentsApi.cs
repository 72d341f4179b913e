using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/incidents</c>: what is wrong, its story, and what people do about it.</summary>
static class IncidentsApi
{
    const int MaxReason = 1000;
    static readonly TimeSpan LongestAcknowledgement = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/api/v1/incidents").WithTags("incidents");
        incidents.MapGet("", ListAsync).Produces<IncidentList>().Requires(Role.Reader);
        incidents.MapGet("/{id}", GetAsync).Produces<IncidentAnswer>().Requires(Role.Reader);
        incidents.MapPost("/{id}/acknowledge", AcknowledgeAsync).Accepts<AcknowledgeRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder);
        incidents.MapPost("/{id}/resolve", ResolveAsync).Accepts<ResolveRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder);
        incidents.MapPost("/{id}/comment", CommentAsync).Accepts<CommentRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder);
        routes.MapGet("/api/v1/notices/who", WhoAsync).WithTags("notices").Produces<WhoAnswer>().Requires(Role.Reader);
    }

    static async Task<IResult> ListAsync(HttpContext context, IncidentStore store)
    {
        var (limit, next) = context.Request.Paging();
        var state = context.Request.Query["state"].ToString();
        if (state is not ("" or "open" or "resolved"))
        {
            throw new InvalidRequestException("state is open (default) or resolved; ask once for each to have all.");
        }

        var (items, more) = await store.ListAsync(context.Caller().Tenant, state != "resolved", limit, next, context.RequestAborted);
        return TypedResults.Json(new IncidentList([.. items.Select(incident => IncidentAnswer.Of(incident))], more), IncidentsJson.Default.IncidentList);
    }

    static async Task<IResult> GetAsync(HttpContext context, IncidentStore store, HistoryStore history, string id)
    {
        var tenant = context.Caller().Tenant;
        var (limit, next) = context.Request.Paging();
        if (!IsId(id) || await store.GetAsync(tenant, id, context.RequestAborted) is not { } incident)
        {
            return TypedResults.NotFound();
        }

        var page = await history.ListAsync(tenant, id, limit, next, context.RequestAborted);
        return Answer(context, IncidentAnswer.Of(incident, page));
    }

    static async Task<IResult> AcknowledgeAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id)
    {
        var now = clock.GetUtcNow();
        var request = context.Request is { ContentLength: null or 0, ContentType: null } ? new AcknowledgeRequest() : await context.Request.ReadAsync(IncidentsJson.Default.AcknowledgeRequest);
        var until = request.Until?.ToUniversalTime();
        if (until <= now || until > now + LongestAcknowledgement)
        {
            throw new InvalidRequestException($"until is later than now and at most {LongestAcknowledgement.TotalDays:0} days ahead.");
        }

        return await AnswerAsync(context, id, tag => actions.AcknowledgeAsync(context.Caller(), id, until, tag, now, context.RequestAborted));
    }

    static async Task<IResult> ResolveAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id)
    {
        var reason = Text((await context.Request.ReadAsync(IncidentsJson.Default.ResolveRequest)).Reason, "reason", MaxReason);
        return await AnswerAsync(context, id, tag => actions.ResolveAsync(context.Caller(), id, reason, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static async Task<IResult> CommentAsync(HttpContext context, IncidentActions actions, TimeProvider clock, string id)
    {
        var text = Text((await context.Request.ReadAsync(IncidentsJson.Default.CommentRequest)).Text, "text", HistoryEntry.MaxText);
        return await AnswerAsync(context, id, tag => actions.CommentAsync(context.Caller(), id, text, tag, clock.GetUtcNow(), context.RequestAborted));
    }

    static async Task<IResult> WhoAsync(HttpContext context, WhoIsTold who, TimeProvider clock)
    {
        var query = context.Request.Query;
        var severity = Words.Read(query["severity"]) ?? throw new InvalidRequestException("severity is info, warning or critical.");
        var subject = query["subject"].ToString();
        if (subject.Length > SignalList.MaxSubject)
        {
            throw new InvalidRequestException($"subject has at most {SignalList.MaxSubject} characters.");
        }

        var answer = await who.AskAsync(context.Caller().Tenant, severity, subject, clock.GetUtcNow(), context.RequestAborted);
        return TypedResults.Json(answer, IncidentsJson.Default.WhoAnswer);
    }

    static async Task<IResult> AnswerAsync(HttpContext context, string id, Func<string?, Task<ActionResult>> act)
    {
        if (!IsId(id))
        {
            return TypedResults.NotFound();
        }

        var tag = context.Request.Headers.IfMatch.ToString();
        var result = await act(tag is "" or "*" ? null : tag);
        return result.Outcome switch
        {
            ActionOutcome.NotFound => TypedResults.NotFound(),
            ActionOutcome.Changed => ProblemResult.Changed("The incident has changed since you read it; read it again."),
            ActionOutcome.Closed => ProblemResult.Conflict("The incident is resolved."),
            _ => Answer(context, IncidentAnswer.Of(result.Incident!)),
        };
    }

    static IResult Answer(HttpContext context, IncidentAnswer answer)
    {
        context.Response.Headers.ETag = answer.ETag;
        return TypedResults.Json(answer, IncidentsJson.Default.IncidentAnswer);
    }

    static bool IsId(string id) => Guid.TryParseExact(id, "N", out _) && !id.Any(char.IsAsciiLetterUpper);

    /// <summary>Line breaks may stay in what people write; other control characters may not.</summary>
    static string Text(string? text, string name, int max) =>
        text?.Trim() is { Length: > 0 } given && given.Length <= max
            ? string.Concat(given.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c))
            : throw new InvalidRequestException($"{name} has 1 to {max} characters.");
}
