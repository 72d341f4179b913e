using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/settings/channels/{id}</c>: one channel, changed by its form, and what went through it.</summary>
sealed class ChannelPages(ChannelDesk channels, RetryNotices retry)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/settings/channels/{id}").Requires(Role.Admin).ExcludeFromDescription();
        group.MapGet("", (HttpContext context, ChannelPages pages, string id) => pages.ShowAsync(context, id));
        group.MapPost("/save", (HttpContext context, ChannelPages pages, string id) => pages.SaveAsync(context, id));
        group.MapPost("/retry", (HttpContext context, ChannelPages pages, string id) => pages.RetryAsync(context, id));
    }

    async Task<IResult> ShowAsync(HttpContext context, string id) => await channels.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } channel
        ? await PageAsync(context, channel)
        : NotFound.Of(context);

    async Task<IResult> SaveAsync(HttpContext context, string id)
    {
        var form = await context.FormAsync();
        if (await channels.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is not { } channel)
        {
            return NotFound.Of(context);
        }

        try
        {
            var request = ChannelForms.RequestOf(channel.Kind, form) with { Enabled = form["enabled"].Count > 0 };
            return await channels.ReplaceAsync(channel, request, context.RequestAborted) is null
                ? await PageAsync(context, channel, "Somebody else is changing this channel. Look at it and save again.")
                : DoneText.Redirect(context, "/settings/channels/" + id, "saved");
        }
        catch (Exception error) when (WrongField.Is(error))
        {
            return await PageAsync(context, channel, error.Message);
        }
    }

    async Task<IResult> RetryAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/settings/channels/" + id, await retry.AgainAsync(context.Caller().Tenant, id, context.RequestAborted) > 0 ? "again" : "gone");

    async Task<IResult> PageAsync(HttpContext context, Channel channel, string? problem = null) => new Page<ChannelPage>(
        PageFrame.Of(context, channel.Name), ("Channel", channels.Show(channel)), ("Sent", await retry.ListAsync(channel.Tenant, channel.Id, context.RequestAborted)), ("Problem", problem))
    {
        Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };
}
