using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Mail.Rules;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/mail-rules</c> and one mail rule: its form, and what it would have matched.</summary>
sealed class MailRulePages(MailRuleStore store, MailRuleDesk desk, MailRuleTrial trial, MailStore mails)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/mail-rules").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, MailRulePages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/new", (HttpContext context, MailRulePages pages) => pages.NewAsync(context)).Requires(Role.Responder);
        group.MapGet("/check", Check).Requires(Role.Reader);
        group.MapGet("/{id}", (HttpContext context, MailRulePages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
        group.MapPost("", (HttpContext context, MailRulePages pages) => pages.FormAsync(context, null, request => pages.CreateAsync(context, request))).Requires(Role.Responder);
        group.MapPost("/test", (HttpContext context, MailRulePages pages) => pages.FormAsync(context, null, request => pages.TestAsync(context, request))).Requires(Role.Responder);
        group.MapPost("/{id}", (HttpContext context, MailRulePages pages, string id) => pages.FormAsync(context, id, request => pages.ReplaceAsync(context, id, request))).Requires(Role.Responder);
        group.MapPost("/{id}/up", (HttpContext context, MailRulePages pages, string id) => pages.MoveAsync(context, id, isUp: true)).Requires(Role.Responder);
        group.MapPost("/{id}/down", (HttpContext context, MailRulePages pages, string id) => pages.MoveAsync(context, id, isUp: false)).Requires(Role.Responder);
        group.MapPost("/{id}/delete", (HttpContext context, MailRulePages pages, string id) => pages.DeleteAsync(context, id)).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var rows = await store.ListAsync(context.Caller().Tenant, context.RequestAborted);
        return new Page<MailRulesPage>(PageFrame.Of(context, "Mail rules"), ("Rules", rows.Select(MailRuleAnswer.Of).ToList()));
    }

    /// <summary>Filled in from a mail when one is named.</summary>
    async Task<IResult> NewAsync(HttpContext context)
    {
        var from = context.Request.Query["from"].ToString();
        var mail = from.Length > 0 ? await mails.GetAsync(context.Caller().Tenant, from, context.RequestAborted) : null;
        return from.Length > 0 && mail is null ? NotFound.Of(context) : Page(context, null, mail is null ? new MailRuleRequest() : MailRuleForms.From(mail));
    }

    async Task<IResult> ShowAsync(HttpContext context, string id) =>
        await FindAsync(context, id) is { } rule ? Page(context, rule, new MailRuleRequest(rule.Name, rule.Match, rule.Set, rule.Enabled, rule.Order)) : NotFound.Of(context);

    /// <summary>For the script that says while somebody types where an expression is wrong.</summary>
    static IResult Check(HttpContext context)
    {
        var pattern = context.Request.Query["pattern"].ToString();
        try
        {
            MailPattern.Compile("expression", pattern);
            return TypedResults.Text("", "text/plain");
        }
        catch (ScheduleFormatException wrong)
        {
            return TypedResults.Text(RuleForms.Explain(wrong, pattern), "text/plain");
        }
    }

    async Task<IResult> FormAsync(HttpContext context, string? id, Func<MailRuleRequest, Task<IResult>> act)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        var request = new MailRuleRequest();
        try
        {
            request = MailRuleForms.RequestOf(await context.Request.ReadFormAsync(context.RequestAborted));
            return await act(request);
        }
        catch (ScheduleFormatException wrong)
        {
            return Page(context, id is null ? null : await FindAsync(context, id), request, problem: RuleForms.Explain(wrong, MailRuleForms.TextOf(request, wrong.Field)));
        }
        catch (InvalidRequestException wrong)
        {
            return Page(context, id is null ? null : await FindAsync(context, id), request, problem: wrong.Message);
        }
    }

    async Task<IResult> CreateAsync(HttpContext context, MailRuleRequest request)
    {
        var row = await desk.CreateAsync(context.Caller().Tenant, request, null, context.RequestAborted);
        return DoneText.Redirect(context, "/mail-rules/" + row.Rule.Id, "mail-rule");
    }

    async Task<IResult> ReplaceAsync(HttpContext context, string id, MailRuleRequest request) =>
        await desk.ReplaceAsync(context.Caller().Tenant, id, request, context.RequestAborted) is null ? NotFound.Of(context) : DoneText.Redirect(context, "/mail-rules/" + id, "mail-rule");

    async Task<IResult> TestAsync(HttpContext context, MailRuleRequest request)
    {
        var rule = await FindAsync(context, context.Request.Form["id"].ToString());
        return Page(context, rule, request, await trial.RunAsync(context.Caller().Tenant, request, context.RequestAborted));
    }

    async Task<IResult> MoveAsync(HttpContext context, string id, bool isUp)
    {
        var tenant = context.Caller().Tenant;
        var order = (await store.ListAsync(tenant, context.RequestAborted)).Select(row => row.Rule.Id).ToList();
        var at = order.IndexOf(id) is >= 0 and var found ? isUp ? Math.Max(0, found - 1) : found + 2 : 0;
        var moved = await desk.MoveAsync(tenant, id, at < order.Count ? order[at] : null, context.RequestAborted);
        return DoneText.Redirect(context, "/mail-rules", moved is null ? "gone" : "moved");
    }

    async Task<IResult> DeleteAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/mail-rules", await desk.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? "deleted" : "gone");

    async Task<MailRuleAnswer?> FindAsync(HttpContext context, string id) =>
        (await store.ListAsync(context.Caller().Tenant, context.RequestAborted)).FirstOrDefault(row => row.Rule.Id == id) is { } row ? MailRuleAnswer.Of(row) : null;

    static Page<MailRulePage> Page(HttpContext context, MailRuleAnswer? rule, MailRuleRequest form, MailTrialAnswer? tried = null, string? problem = null) =>
        new(PageFrame.Of(context, rule?.Name ?? "New mail rule"), ("Rule", rule), ("Form", form), ("Tried", tried), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
