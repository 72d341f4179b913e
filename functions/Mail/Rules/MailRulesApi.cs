using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Mail.Rules;

/// <summary>A mail rule as the API and the pages show it.</summary>
/// <param name="Matched">Mails that it took since it was made.</param>
public sealed record MailRuleAnswer(string Id, string Name, MailMatch Match, MailSet Set, bool Enabled, int Order, long Matched, DateTimeOffset? MatchedAt, DateTimeOffset CreatedAt)
{
    public static MailRuleAnswer Of(MailRuleRow row) =>
        new(row.Rule.Id, row.Rule.Name, row.Rule.Match, row.Rule.Set, row.Rule.IsEnabled, row.Rule.Order, row.Matched, row.MatchedAt, row.Rule.CreatedAt);
}

public sealed record MailRuleList(IReadOnlyList<MailRuleAnswer> Items, string? Next);

/// <summary><c>/api/v1/mail-rules</c>: what the team says of mails that do not say it themselves.</summary>
static class MailRulesApi
{
    const string Description = "Rules are tried in their order on every mail that comes; the first that matches takes it. Expressions ignore case and match anywhere. " + MailPattern.Excluded;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/mail-rules").WithTags("Mail");
        rules.MapGet("", ListAsync).Produces<MailRuleList>().WithName("ListMailRules").Requires(Role.Reader).WithSummary("Lists mail rules in their order");
        rules.MapGet("/{id}", GetAsync).Produces<MailRuleAnswer>().WithName("GetMailRule").Requires(Role.Reader).WithSummary("Shows a mail rule");
        rules.MapPost("", CreateAsync).Accepts<MailRuleRequest>("application/json").Produces<MailRuleAnswer>(StatusCodes.Status201Created).WithName("CreateMailRule").WithDescription(Description).Requires(Role.Responder).WithSummary("Makes a mail rule");
        rules.MapPut("/{id}", ReplaceAsync).Accepts<MailRuleRequest>("application/json").Produces<MailRuleAnswer>().WithName("ReplaceMailRule").Requires(Role.Responder).WithSummary("Changes a mail rule");
        rules.MapPost("/{id}/move", MoveAsync).Produces<MailRuleAnswer>().WithName("MoveMailRule").WithDescription("?before= names the rule that it is to stand before; without it, it goes behind the last.").Requires(Role.Responder).WithSummary("Moves a mail rule in the order");
        rules.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).WithName("DeleteMailRule").Requires(Role.Responder).WithSummary("Deletes a mail rule");
        rules.MapPost("/test", TestAsync).Accepts<MailRuleRequest>("application/json").Produces<MailTrialAnswer>().WithName("TestMailRule").WithDescription("What the rule would have matched in the last 30 days; nothing is stored.").Requires(Role.Responder).WithSummary("Says what a mail rule would have matched");
    }

    static async Task<IResult> ListAsync(HttpContext context, MailRuleStore store)
    {
        var rows = await store.ListAsync(context.Caller().Tenant, context.RequestAborted);
        return TypedResults.Json(new MailRuleList([.. rows.Select(MailRuleAnswer.Of)], null), MailJson.Plain.MailRuleList);
    }

    static async Task<IResult> GetAsync(HttpContext context, MailRuleStore store, string id) =>
        Answer((await store.ListAsync(context.Caller().Tenant, context.RequestAborted)).FirstOrDefault(row => row.Rule.Id == id));

    static async Task<IResult> CreateAsync(HttpContext context, MailRuleDesk desk, string? before)
    {
        var row = await desk.CreateAsync(context.Caller().Tenant, await context.Request.ReadAsync(MailJson.Default.MailRuleRequest), before, context.RequestAborted);
        context.Response.Headers.Location = $"/api/v1/mail-rules/{row.Rule.Id}";
        return Answer(row, StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, MailRuleDesk desk, string id) =>
        Answer(await desk.ReplaceAsync(context.Caller().Tenant, id, await context.Request.ReadAsync(MailJson.Default.MailRuleRequest), context.RequestAborted));

    static async Task<IResult> MoveAsync(HttpContext context, MailRuleDesk desk, string id, string? before) =>
        Answer(await desk.MoveAsync(context.Caller().Tenant, id, before, context.RequestAborted));

    static async Task<IResult> DeleteAsync(HttpContext context, MailRuleDesk desk, string id) =>
        await desk.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> TestAsync(HttpContext context, MailRuleTrial trial) => TypedResults.Json(
        await trial.RunAsync(context.Caller().Tenant, await context.Request.ReadAsync(MailJson.Plain.MailRuleRequest), context.RequestAborted), MailJson.Plain.MailTrialAnswer);

    static IResult Answer(MailRuleRow? row, int status = StatusCodes.Status200OK) =>
        row is null ? TypedResults.NotFound() : TypedResults.Json(MailRuleAnswer.Of(row), MailJson.Plain.MailRuleAnswer, statusCode: status);
}
