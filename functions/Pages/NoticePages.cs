using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Push;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Pages;

/// <summary><c>/notices</c>: what was sent, who has subscribed to what, and how one wants to be told.</summary>
sealed class NoticePages(NoticeStore notices, SubscriptionStore subscriptions, SubscriptionDesk desk, Groups groups, Assignees people, NoticePreferences preferences, PushDevices devices)
{
    const int Shown = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/notices").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, NoticePages pages) => pages.ShowAsync(context)).Requires(Role.Reader);
        group.MapPost("/subscribe", (HttpContext context, NoticePages pages) => pages.SubscribeAsync(context)).Requires(Role.Responder);
        group.MapPost("/subscriptions/{id}/delete", (HttpContext context, NoticePages pages, string id) => pages.DeleteAsync(context, id)).Requires(Role.Responder);
        group.MapPost("/devices", (HttpContext context, NoticePages pages) => pages.AddDeviceAsync(context)).Requires(Role.Responder);
        group.MapPost("/devices/{id}/delete", (HttpContext context, NoticePages pages, string id) => pages.RemoveDeviceAsync(context, id)).Requires(Role.Responder);
        group.MapPost("/mine", (HttpContext context, NoticePages pages) => pages.PreferAsync(context)).Requires(Role.Responder);
    }

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (frame, caller) = (PageFrame.Of(context, "Notices"), context.Caller());
        var (_, next) = context.Request.Paging();
        var (sent, more) = await notices.ListAsync(caller.Tenant, Shown, next, context.RequestAborted);
        var known = await groups.ListAsync(caller.Tenant, context.RequestAborted);
        var users = await people.ListAsync(caller.Tenant, context.RequestAborted);
        var names = users.Select(user => (user.Id, user.Name)).Concat(known.Select(group => (group.Id, group.Name))).ToDictionary(pair => pair.Id, pair => pair.Name, StringComparer.Ordinal);
        var mine = await preferences.GetAsync(caller, context.RequestAborted);
        return new Page<NoticesPage>(
            frame,
            ("Sent", sent),
            ("Next", more),
            ("Subscriptions", await subscriptions.ListAsync(caller.Tenant, context.RequestAborted)),
            ("Names", names),
            ("Groups", known),
            ("People", users),
            ("Mine", mine?.Items),
            ("Devices", mine is not null && frame.May(Role.Responder) ? await devices.ListAsync(caller, context.RequestAborted) : null));
    }

    async Task<IResult> SubscribeAsync(HttpContext context)
    {
        var (form, caller) = (await context.Request.ReadFormAsync(context.RequestAborted), context.Caller());
        var holder = form["holder"].ToString();
        var (isGroup, id) = holder.StartsWith("group:", StringComparison.Ordinal) ? (true, holder[6..]) : (false, holder.Length > 0 ? holder : caller.Id);
        var request = new SubscriptionRequest(form["org"], form["interest"] == "interested" ? Interest.Interested : Interest.Responder, isGroup ? id : null, isGroup ? null : id);
        if (!SubscriptionDesk.MayHold(caller, request))
        {
            throw new InvalidRequestException("Subscribe yourself; an admin subscribes groups and others.");
        }

        await desk.SaveAsync(caller.Tenant, null, request, context.RequestAborted);
        return DoneText.Redirect(context, "/notices", "subscribed");
    }

    async Task<IResult> DeleteAsync(HttpContext context, string id)
    {
        var caller = context.Caller();
        if (!IncidentsApi.IsId(id) || await subscriptions.GetAsync(caller.Tenant, id, context.RequestAborted) is not { } stored)
        {
            return DoneText.Redirect(context, "/notices", "gone");
        }

        if (!SubscriptionDesk.MayChange(caller, stored))
        {
            throw new InvalidRequestException("Only an admin ends the subscription of a group or of somebody else.");
        }

        await subscriptions.DeleteAsync(caller.Tenant, id, context.RequestAborted);
        return DoneText.Redirect(context, "/notices", "deleted");
    }

    async Task<IResult> AddDeviceAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var added = await devices.AddAsync(context.Caller(), new PushDeviceRequest(form["name"], form["endpoint"], form["p256dh"], form["auth"]), context.RequestAborted);
        return DoneText.Redirect(context, "/notices", added is null ? "gone" : "device");
    }

    async Task<IResult> RemoveDeviceAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/notices", await devices.RemoveAsync(context.Caller(), id, context.RequestAborted) ? "deleted" : "gone");

    /// <summary>The form has mail only; other ways that were set by the API stay.</summary>
    async Task<IResult> PreferAsync(HttpContext context)
    {
        var (form, caller) = (await context.Request.ReadFormAsync(context.RequestAborted), context.Caller());
        var others = (await preferences.GetAsync(caller, context.RequestAborted))?.Items.Where(way => way.Channel != PersonChannels.Mail).Select(way => way with { Settings = null }) ?? [];
        var zone = form["timeZone"].ToString() is { Length: > 0 } given ? given : "UTC";
        var quiet = form["quietFrom"].ToString() is { Length: > 0 } from && form["quietTo"].ToString() is { Length: > 0 } to ? new QuietHours(from, to, zone, form["exceptCritical"].Count > 0) : null;
        System.Text.Json.JsonElement? settings = form["to"].ToString().Trim() is { Length: > 0 } address ? System.Text.Json.JsonSerializer.SerializeToElement(new MailToSettings(address), NoticesJson.Default.MailToSettings) : null;
        var mine = new Preference(
            PersonChannels.Mail, form["when"], form["digestAt"].ToString() is { Length: > 0 } at ? new DailyTime(at, zone) : null, quiet,
            Enum.TryParse<Level>(form["level"], ignoreCase: true, out var level) ? level : Level.Warning, settings);
        await preferences.PutAsync(caller, [mine, .. others], context.RequestAborted);
        return DoneText.Redirect(context, "/notices", "saved");
    }
}
