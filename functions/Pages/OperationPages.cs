using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/operations</c>: what was asked for, each with its steps, its output and who approved it.</summary>
sealed class OperationPages(OperationStore store, OperationDesk desk, ProviderStore providers, TenantStore tenants, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/operations").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, OperationPages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapPost("", (HttpContext context, OperationPages pages) => pages.AskAsync(context)).Requires(Role.Responder);
        group.MapPost("/settings", (HttpContext context, OperationPages pages) => pages.SetAsync(context)).Requires(Role.Admin);
        group.MapGet("/{id}", (HttpContext context, OperationPages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
        group.MapPost("/{id}/approve", (HttpContext context, OperationPages pages, string id) => pages.DecideAsync(context, id, isApproved: true)).Requires(Role.Approver);
        group.MapPost("/{id}/reject", (HttpContext context, OperationPages pages, string id) => pages.DecideAsync(context, id, isApproved: false)).Requires(Role.Approver);
        group.MapPost("/{id}/cancel", (HttpContext context, OperationPages pages, string id) => pages.CancelAsync(context, id)).Requires(Role.Responder);
    }

    async Task<IResult> ListAsync(HttpContext context, string? text = null, string? problem = null)
    {
        var tenant = context.Caller().Tenant;
        var (limit, next) = context.Request.Paging();
        var page = await store.ListAsync(tenant, limit, next, context.RequestAborted);
        var table = await providers.ReadAsync(tenant, context.RequestAborted);
        return new Page<OperationsPage>(
            PageFrame.Of(context, "Operations"),
            ("Operations", page.Items),
            ("Next", page.Next),
            ("Examples", table.Providers.SelectMany(provider => provider.Intents.Where(intent => intent.Phrases.Count > 0).Take(4).Select(intent => (provider.Name, Sentence: $"{provider.Id} {intent.Phrases[0]}", intent.ChangesAnything))).ToList()),
            ("Rules", (await tenants.GetAsync(tenant, context.RequestAborted))?.Operations ?? new OperationRules()),
            ("Text", text),
            ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    async Task<IResult> ShowAsync(HttpContext context, string id, string? problem = null)
    {
        if (await store.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is not { } operation)
        {
            return NotFound.Of(context);
        }

        var refusal = operation.Approval is { } approval ? Approval.Refusal(operation, context.Caller(), approval.Seen, clock.GetUtcNow()) : null;
        return new Page<OperationPage>(PageFrame.Of(context, operation.Text), ("Operation", operation), ("Refusal", refusal), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
        };
    }

    async Task<IResult> AskAsync(HttpContext context)
    {
        var text = (await context.FormAsync())["text"].ToString();
        try
        {
            var outcome = await desk.AskAsync(context.Caller(), new OperationRequest(text), context.RequestAborted);
            return DoneText.Redirect(context, "/operations/" + outcome.Operation!.Id, "asked");
        }
        catch (InvalidRequestException wrong)
        {
            return await ListAsync(context, text, wrong.Message);
        }
    }

    async Task<IResult> DecideAsync(HttpContext context, string id, bool isApproved)
    {
        var form = await context.FormAsync();
        var outcome = await desk.DecideAsync(context.Caller(), id, isApproved, form["seen"], form["why"], context.RequestAborted);
        return await AfterAsync(context, id, outcome, isApproved ? "approved" : "rejected");
    }

    async Task<IResult> CancelAsync(HttpContext context, string id) => await AfterAsync(context, id, await desk.CancelAsync(context.Caller(), id, context.RequestAborted), "cancelled");

    async Task<IResult> AfterAsync(HttpContext context, string id, OperationOutcome outcome, string done) => outcome switch
    {
        { Refusal: { } refusal } => await ShowAsync(context, id, refusal),
        { Operation: null } => NotFound.Of(context),
        _ => DoneText.Redirect(context, "/operations/" + id, done),
    };

    async Task<IResult> SetAsync(HttpContext context)
    {
        var form = await context.FormAsync();
        var hours = double.TryParse(form["hours"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) && given is > 0 and <= 168 ? given : throw new InvalidRequestException("Hours for an approval are more than 0 and at most 168.");
        var tenant = (await tenants.GetAsync(context.Caller().Tenant, context.RequestAborted))!;
        var within = TimeSpan.FromHours(hours);
        var rules = new OperationRules(form["approval"] != "on", form["dryRun"] == "on") { ApproveWithin = within < OperationRules.Shortest ? OperationRules.Shortest : within };
        await tenants.UpdateAsync(tenant with { Operations = rules }, context.RequestAborted);
        return DoneText.Redirect(context, "/operations", "saved");
    }
}
