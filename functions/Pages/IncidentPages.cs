using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Mail;
using Watchdesk.Notices;
using Watchdesk.Operations;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/incidents/{id}</c>: one incident with its story, signals and buttons.</summary>
sealed class IncidentPages(
    IncidentStore incidents, IncidentLists lists, HistoryStore history, IncidentActions actions, IncidentMerges merges, Assignees assignees, WhoIsTold who, MailStore mails, OperationStore operations, TimeProvider clock)
{
    const int ShownLines = 100;
    const int ShownSignals = 20;
    const int ShownTexts = 10;
    const int ShownOthers = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup("/incidents/{id}").ExcludeFromDescription();
        one.MapGet("", (HttpContext context, IncidentPages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
        foreach (var action in new[] { "take", "acknowledge", "assign", "release", "complete", "resolve", "reopen", "undo", "comment", "merge", "split", "unlink" })
        {
            one.MapPost("/" + action, (HttpContext context, IncidentPages pages, string id) => pages.ActAsync(context, id, action)).Requires(Role.Responder);
        }
    }

    async Task<IResult> ShowAsync(HttpContext context, string id)
    {
        var tenant = context.Caller().Tenant;
        if (!IncidentsApi.IsId(id) || await incidents.GetAsync(tenant, id, context.RequestAborted) is not { } incident)
        {
            // What was sent about an operation is listed beside what was sent about incidents.
            return await operations.GetAsync(tenant, id, context.RequestAborted) is null ? NotFound.Of(context) : TypedResults.LocalRedirect("/operations/" + id);
        }

        var frame = PageFrame.Of(context, incident.Name);
        var (_, next) = context.Request.Paging();
        var isSignals = next?.StartsWith("g~", StringComparison.Ordinal) == true;
        var story = await history.ListAsync(tenant, id, ShownLines, isSignals ? null : next, context.RequestAborted);
        var signals = await lists.SignalsAsync(tenant, incident, ShownSignals, isSignals ? next : null, context.RequestAborted);
        var mayAct = incident.IsOpen && frame.May(Role.Responder);
        return new Page<IncidentPage>(
            frame,
            ("Incident", incident),
            ("Story", story),
            ("Signals", signals),
            ("Mails", await MailsAsync(tenant, signals.Items, context.RequestAborted)),
            ("Standing", await who.StandingAsync(tenant, incident, frame.Now, context.RequestAborted)),
            ("People", mayAct ? await assignees.ListAsync(tenant, context.RequestAborted) : []),
            ("Others", mayAct ? (await lists.ListAsync(tenant, isOpen: true, ShownOthers, null, context.RequestAborted)).Items.Where(other => other.Id != id).ToList() : []));
    }

    /// <summary>The newest few with their texts, by id.</summary>
    async Task<IReadOnlyDictionary<string, StoredMail>> MailsAsync(string tenant, IReadOnlyList<SignalRecord> signals, CancellationToken cancellationToken)
    {
        var ids = signals.SelectMany(signal => signal.Mails).Distinct(StringComparer.Ordinal).Take(ShownTexts);
        var found = await Task.WhenAll(ids.Select(mail => mails.GetAsync(tenant, mail, cancellationToken)));
        return found.OfType<StoredMail>().ToDictionary(mail => mail.Id, StringComparer.Ordinal);
    }

    async Task<IResult> ActAsync(HttpContext context, string id, string action)
    {
        if (!IncidentsApi.IsId(id))
        {
            return NotFound.Of(context);
        }

        IFormCollection form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var (result, done) = await DoAsync(context.Caller(), id, action, form, context.RequestAborted);
        var page = form["back"] is [{ } back, ..] ? IncidentListPages.WithUndo(IncidentListPages.BackOf(back), result.Outcome == ActionOutcome.Done ? [id] : []) : $"/incidents/{result.Incident?.Id ?? id}";
        return result.Outcome == ActionOutcome.NotFound ? NotFound.Of(context) : DoneText.Redirect(context, page, result.Outcome == ActionOutcome.Done ? done : "closed");
    }

    async Task<(ActionResult Result, string Done)> DoAsync(Caller caller, string id, string action, IFormCollection form, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return action switch
        {
            "take" => (await actions.AssignAsync(caller, id, new Ownership(caller.Id, caller.Name), null, now, cancellationToken), "taken"),
            "acknowledge" => (await actions.AcknowledgeAsync(caller, id, IncidentsApi.Until(Until(form, now), now), null, now, cancellationToken), "acknowledged"),
            "assign" => (await actions.AssignAsync(caller, id, await assignees.FindAsync(caller.Tenant, form["user"], cancellationToken), null, now, cancellationToken), "assigned"),
            "release" => (await actions.AssignAsync(caller, id, Ownership.Nobody, null, now, cancellationToken), "released"),
            "complete" => (await actions.ResolveAsync(caller, id, Optional(form, "reason") ?? IncidentsApi.Completed, null, now, cancellationToken), "resolved"),
            "resolve" => (await actions.ResolveAsync(caller, id, Text(form, "reason", IncidentsApi.MaxReason), null, now, cancellationToken), "resolved"),
            "reopen" => (await actions.ReopenAsync(caller, id, null, now, cancellationToken), "reopened"),
            "undo" => (await actions.UndoAsync(caller, id, null, now, cancellationToken), "undone"),
            "comment" => (await actions.CommentAsync(caller, id, Text(form, "text", HistoryEntry.MaxText), null, now, cancellationToken), "commented"),
            "merge" => (await merges.MergeAsync(caller, id, Into(form), null, now, cancellationToken), "merged"),
            _ => (await merges.SplitAsync(caller, id, [.. form["subject"].OfType<string>()], action == "split", null, now, cancellationToken), action),
        };
    }

    static DateTimeOffset? Until(IFormCollection form, DateTimeOffset now) =>
        int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and <= 720 ? now.AddHours(hours) : null;

    static string Into(IFormCollection form) =>
        form["into"].ToString() is var into && IncidentsApi.IsId(into) ? into : throw new InvalidRequestException("Choose the open incident that stays.");

    static string? Optional(IFormCollection form, string name) => form[name].ToString().Trim().Length == 0 ? null : Text(form, name, IncidentsApi.MaxReason);

    static string Text(IFormCollection form, string name, int max) => IncidentsApi.Text(form[name].ToString().ReplaceLineEndings("\n"), name, max);
}
