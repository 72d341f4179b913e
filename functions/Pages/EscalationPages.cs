using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Operations.Escalations;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Pages;

/// <summary><c>/escalations</c>: whom an incident goes to that nobody takes, and who is on call.</summary>
sealed class EscalationPages(EscalationStore store, EscalationDesk desk, RotationDesk rotations, UserStore users, Groups groups, ChannelStore channels)
{
    const int MostPeople = 200;
    const string Minutes = "yyyy-MM-dd'T'HH:mm";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/escalations").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, EscalationPages pages) => pages.ShowAsync(context)).Requires(Role.Reader);
        group.MapPost("", (HttpContext context, EscalationPages pages) => pages.DoAsync(context, (form, caller) => pages.SaveAsync(caller, null, form, context.RequestAborted))).Requires(Role.Admin);
        group.MapPost("/{id}", (HttpContext context, EscalationPages pages, string id) => pages.DoAsync(context, (form, caller) => pages.SaveAsync(caller, id, form, context.RequestAborted))).Requires(Role.Admin);
        group.MapPost("/{id}/delete", (HttpContext context, EscalationPages pages, string id) => pages.DoAsync(context, (_, caller) => pages.DeleteAsync(caller, id, context.RequestAborted))).Requires(Role.Admin);
        group.MapPost("/rotation", (HttpContext context, EscalationPages pages) => pages.DoAsync(context, (form, caller) => pages.RotateAsync(caller, form, context.RequestAborted))).Requires(Role.Admin);
        group.MapPost("/overrides", (HttpContext context, EscalationPages pages) => pages.DoAsync(context, (form, caller) => pages.StandInAsync(caller, form, context.RequestAborted))).Requires(Role.Responder);
        group.MapPost("/overrides/end", (HttpContext context, EscalationPages pages) => pages.DoAsync(context, (form, caller) => pages.StandDownAsync(caller, form, context.RequestAborted))).Requires(Role.Responder);
    }

    async Task<IResult> ShowAsync(HttpContext context, string? problem = null)
    {
        var tenant = context.Caller().Tenant;
        var (people, _) = await users.ListAsync(tenant, MostPeople, null, context.RequestAborted);
        return new Page<EscalationsPage>(
            PageFrame.Of(context, "Escalation and on call"),
            ("Policies", await store.PoliciesAsync(tenant, context.RequestAborted)),
            ("Rotation", await rotations.ReadAsync(tenant, context.RequestAborted)),
            ("People", people.Where(user => !user.IsDisabled).ToList()),
            ("Groups", await groups.ListAsync(tenant, context.RequestAborted)),
            ("Channels", await channels.ListAsync(tenant, context.RequestAborted)),
            ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    async Task<IResult> DoAsync(HttpContext context, Func<IFormCollection, Caller, Task<string>> act)
    {
        try
        {
            return DoneText.Redirect(context, "/escalations", await act(await context.FormAsync(), context.Caller()));
        }
        catch (Exception wrong) when (wrong is InvalidRequestException or FormatException)
        {
            return await ShowAsync(context, wrong.Message);
        }
    }

    async Task<string> SaveAsync(Caller caller, string? id, IFormCollection form, CancellationToken cancellationToken)
    {
        var severity = Enum.TryParse<Incidents.Severity>(form["severity"], ignoreCase: true, out var chosen) ? chosen : Incidents.Severity.Critical;
        var repeat = int.TryParse(form["repeat"], NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times : 0;
        var saved = await desk.SaveAsync(caller.Tenant, id, new PolicyRequest(form["name"], severity, form["org"].ToString().Trim(), [.. Steps(form)], repeat), cancellationToken);
        return saved is null ? "gone" : "saved";
    }

    /// <summary>Rows of whom to tell and how long to wait after it.</summary>
    static IEnumerable<EscalationStep> Steps(IFormCollection form)
    {
        foreach (var (who, wait) in form["who"].Zip(form["wait"]))
        {
            if (who?.Split(':') is [var kind, .. var rest] && Enum.TryParse<EscalationTarget>(kind, out var target))
            {
                yield return new EscalationStep(target, rest.Length > 0 ? rest[0] : null);
            }

            if (TimeSpan.TryParseExact(wait, "c", CultureInfo.InvariantCulture, out var span))
            {
                yield return new EscalationStep(Wait: span);
            }
        }
    }

    async Task<string> RotateAsync(Caller caller, IFormCollection form, CancellationToken cancellationToken)
    {
        var start = DateOnly.TryParseExact(form["start"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new InvalidRequestException("The first handover is a day such as 2026-11-23.");
        var handover = TimeOnly.TryParseExact(form["handover"], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw new InvalidRequestException("The handover is a time such as 09:00.");
        await rotations.SaveAsync(caller.Tenant, new RotationRequest([.. form["person"].OfType<string>().Where(person => person.Length > 0)], start, handover, form["timeZone"].ToString().Trim()), cancellationToken);
        return "saved";
    }

    async Task<string> StandInAsync(Caller caller, IFormCollection form, CancellationToken cancellationToken)
    {
        await rotations.StandInAsync(caller.Tenant, Override(form), cancellationToken);
        return "saved";
    }

    async Task<string> StandDownAsync(Caller caller, IFormCollection form, CancellationToken cancellationToken) => await rotations.StandDownAsync(caller.Tenant, Override(form), cancellationToken) ? "deleted" : "gone";

    async Task<string> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => await desk.DeleteAsync(caller.Tenant, id, cancellationToken) ? "deleted" : "gone";

    static OverrideRequest Override(IFormCollection form) => new(form["user"], Time(form["from"]), Time(form["until"]));

    static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, [Minutes, "yyyy-MM-dd'T'HH:mm:ss", "O"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
