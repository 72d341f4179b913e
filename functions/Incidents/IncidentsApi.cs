using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/incidents</c>: what is wrong, its story, and what people do about it.</summary>
public static class IncidentsApi
{
    public const int MaxReason = 1000;
    public const string Completed = "Completed.";
    static readonly TimeSpan UsualAcknowledgement = TimeSpan.FromHours(24);
    static readonly TimeSpan LongestAcknowledgement = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/api/v1/incidents").WithTags("incidents");
        incidents.MapGet("", ListAsync).Produces<IncidentList>().Requires(Role.Reader).WithSummary("Lists incidents");
        incidents.MapGet("/{id}", GetAsync).Produces<IncidentAnswer>().Requires(Role.Reader).WithSummary("Shows an incident");
        incidents.MapPost("/{id}/acknowledge", AcknowledgeAsync).Accepts<AcknowledgeRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Acknowledges an incident for a time");
        incidents.MapPost("/{id}/resolve", ResolveAsync).Accepts<ResolveRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Resolves an incident");
        incidents.MapPost("/{id}/comment", CommentAsync).Accepts<CommentRequest>("application/json").Produces<IncidentAnswer>().Requires(Role.Responder).WithSummary("Adds a comment to an incident");
        routes.MapGet("/api/v1/notices/who", WhoAsync).WithTags("notices").Produces<WhoAnswer>().Requires(Role.Reader).WithSummary("Says who would be told of something");
    }

    static async Task<IResult> ListAsync(HttpContext context, IncidentLists lists, InterestStore interests)
    {
        var (limit, next) = context.Request.Paging();
        var caller = context.Caller();
        var mine = await interests.ReadAsync(caller.Tenant, caller.Id, context.RequestAborted);
        var (items, more) = await lists.ListAsync(caller.Tenant, IncidentFilter.Read(context.Request.Query, caller.Id), mine, limit, next, context.RequestAborted);
        return TypedResults.Json(new IncidentList([.. items.Select(incident => IncidentAnswer.Of(incident) with { Interest = mine.In(incident) })], more), IncidentsJson.Plain.IncidentList);
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
        var request = HasNoBody(context) ? new AcknowledgeRequest() : await context.Request.ReadAsync(IncidentsJson.Default.AcknowledgeRequest);
        var until = Until(request.Until, now);
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
        return TypedResults.Json(answer, IncidentsJson.Plain.WhoAnswer);
    }

    /// <summary>An acknowledgement always has an end.</summary>
    /// <exception cref="InvalidRequestException">It is out of bounds.</exception>
    internal static DateTimeOffset Until(DateTimeOffset? asked, DateTimeOffset now)
    {
        var until = asked?.ToUniversalTime() ?? now + UsualAcknowledgement;
        return until > now && until <= now + LongestAcknowledgement
            ? until
            : throw new InvalidRequestException($"until is later than now and at most {LongestAcknowledgement.TotalDays:0} days ahead.");
    }

    internal static bool HasNoBody(HttpContext context) => context.Request is { ContentLength: null or 0, ContentType: null };

    internal static async Task<IResult> AnswerAsync(HttpContext context, string id, Func<string?, Task<ActionResult>> act, string closed = "The incident is resolved.")
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
            ActionOutcome.Closed => ProblemResult.Conflict(closed),
            _ => Answer(context, IncidentAnswer.Of(result.Incident!)),
        };
    }

    static IResult Answer(HttpContext context, IncidentAnswer answer)
    {
        context.Response.Headers.ETag = answer.ETag;
        return TypedResults.Json(answer, IncidentsJson.Plain.IncidentAnswer);
    }

    public static bool IsId(string id) => Guid.TryParseExact(id, "N", out _) && !id.Any(char.IsAsciiLetterUpper);

    /// <summary>Line breaks may stay in what people write; other control characters may not.</summary>
    public static string Text(string? text, string name, int max) =>
        text?.Trim() is { Length: > 0 } given && given.Length <= max
            ? string.Concat(given.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c))
            : throw new InvalidRequestException($"{name} has 1 to {max} characters.");
}
