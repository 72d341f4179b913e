using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/settings</c>: keys and channels of the tenant.</summary>
sealed class SettingsPages(ApiKeys keys, KeyDesk keyDesk, ChannelDesk channels, ChannelStore channelStore, Reminders reminders, TimeProvider clock)
{
    const int ShownKeys = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/settings").Requires(Role.Admin).ExcludeFromDescription();
        group.MapGet("", (HttpContext context, SettingsPages pages) => pages.ShowAsync(context));
        group.MapPost("/keys", (HttpContext context, SettingsPages pages) => pages.FormAsync(context, form => pages.MakeKeyAsync(context, form)));
        group.MapPost("/keys/{id}/revoke", (HttpContext context, SettingsPages pages, string id) => pages.RevokeKeyAsync(context, id));
        group.MapPost("/reminders", (HttpContext context, SettingsPages pages) => pages.FormAsync(context, form => pages.SetRemindersAsync(context, form)));
        group.MapPost("/channels/{kind}", (HttpContext context, SettingsPages pages, string kind) => pages.FormAsync(context, form => pages.AddChannelAsync(context, kind, form)));
        group.MapPost("/channels/{id}/test", (HttpContext context, SettingsPages pages, string id) => pages.TestChannelAsync(context, id));
        group.MapPost("/channels/{id}/delete", (HttpContext context, SettingsPages pages, string id) => pages.DeleteChannelAsync(context, id));
    }

    async Task<IResult> ShowAsync(HttpContext context, NewKey? made = null, string? problem = null, string? done = null)
    {
        var tenant = context.Caller().Tenant;
        var (listed, _) = await keys.ListAsync(tenant, ShownKeys, null, context.RequestAborted);
        var known = await channels.ListAsync(tenant, context.RequestAborted);
        var frame = PageFrame.Of(context, "Settings");
        return new Page<SettingsPage>(
            frame with { Done = done ?? frame.Done },
            ("Keys", listed), ("Channels", known.Select(channels.Show).ToList()), ("RemindEvery", await reminders.EveryAsync(tenant, context.RequestAborted)), ("Made", made), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    async Task<IResult> FormAsync(HttpContext context, Func<IFormCollection, Task<IResult>> act)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        try
        {
            return await act(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (Exception wrong) when (wrong is InvalidRequestException or FormatException)
        {
            return await ShowAsync(context, problem: wrong.Message);
        }
    }

    /// <summary>The page itself shows the key: nothing with the key in it is kept for a redirect.</summary>
    async Task<IResult> MakeKeyAsync(HttpContext context, IFormCollection form)
    {
        var made = await keyDesk.CreateAsync(context.Caller(), KeyRequestOf(form), context.RequestAborted);
        return await ShowAsync(context, made);
    }

    async Task<IResult> RevokeKeyAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/settings", await keyDesk.RevokeAsync(context.Caller(), id, context.RequestAborted) ? "revoked" : "gone");

    async Task<IResult> SetRemindersAsync(HttpContext context, IFormCollection form)
    {
        var every = TimeSpan.TryParseExact(form["every"].ToString(), "c", CultureInfo.InvariantCulture, out var asked) ? asked : throw new InvalidRequestException("Choose when to remind.");
        await reminders.SetEveryAsync(context.Caller().Tenant, every, clock.GetUtcNow(), context.RequestAborted);
        return DoneText.Redirect(context, "/settings", "saved");
    }

    async Task<IResult> AddChannelAsync(HttpContext context, string kind, IFormCollection form)
    {
        await channels.CreateAsync(context.Caller().Tenant, ChannelForms.RequestOf(kind, form), context.RequestAborted);
        return DoneText.Redirect(context, "/settings", "added");
    }

    async Task<IResult> TestChannelAsync(HttpContext context, string id)
    {
        if (await channels.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is not { } channel)
        {
            return DoneText.Redirect(context, "/settings", "gone");
        }

        var result = await channels.TestAsync(channel, context.Caller(), context.RequestAborted);
        return result.IsSent
            ? await ShowAsync(context, done: $"The test went to {channel.Name}: {result.Reason}")
            : await ShowAsync(context, problem: $"The test did not go to {channel.Name}: {result.Reason}");
    }

    async Task<IResult> DeleteChannelAsync(HttpContext context, string id)
    {
        var tenant = context.Caller().Tenant;
        var isDeleted = await channels.GetAsync(tenant, id, context.RequestAborted) is not null && await channelStore.DeleteAsync(tenant, id, context.RequestAborted);
        return DoneText.Redirect(context, "/settings", isDeleted ? "deleted" : "gone");
    }

    static KeyRequest KeyRequestOf(IFormCollection form)
    {
        var name = form["name"].ToString();
        return form["use"].ToString() switch
        {
            "ping" => new KeyRequest(name, "ping"),
            "badge" => new KeyRequest(name, "badge"),
            "calendar" => new KeyRequest(name, "calendar"),
            "status" => new KeyRequest(name, "status", Org: Optional(form["org"]), Tag: Optional(form["tag"])),
            "send" => new KeyRequest(name, "api", ["ping", "create"]),
            "read" => new KeyRequest(name, "api", ["read"]),
            "write" => new KeyRequest(name, "api", ["ping", "create", "read", "write"]),
            "admin" => new KeyRequest(name, "api", ["ping", "create", "read", "write", "admin"]),
            _ => throw new InvalidRequestException("Choose what the key is for."),
        };
    }

    static string? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
