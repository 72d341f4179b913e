using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/settings</c>: keys of the tenant.</summary>
static class SettingsPages
{
    const int ShownKeys = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/settings").ExcludeFromDescription();
        pages.MapGet("", SettingsAsync).Requires(Role.Admin);
        pages.MapPost("/keys", MakeKeyAsync).Requires(Role.Admin);
        pages.MapPost("/keys/{id}/revoke", RevokeKeyAsync).Requires(Role.Admin);
    }

    static Task<IResult> SettingsAsync(HttpContext context, ApiKeys keys) => ShowAsync(context, keys);

    static async Task<IResult> ShowAsync(HttpContext context, ApiKeys keys, NewKey? made = null, string? problem = null)
    {
        var page = await keys.ListAsync(context.Caller().Tenant, ShownKeys, null, context.RequestAborted);
        return new Page<SettingsPage>(PageFrame.Of(context, "Settings"), ("Keys", page.Keys), ("Made", made), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    /// <summary>The page itself shows the key: nothing with the key in it is kept for a redirect.</summary>
    static async Task<IResult> MakeKeyAsync(HttpContext context, KeyDesk desk, ApiKeys keys)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields name and use as a form.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        try
        {
            var made = await desk.CreateAsync(context.Caller(), RequestOf(form["name"].ToString(), form["use"].ToString()), context.RequestAborted);
            return await ShowAsync(context, keys, made);
        }
        catch (InvalidRequestException wrong)
        {
            return await ShowAsync(context, keys, problem: wrong.Message);
        }
    }

    static async Task<IResult> RevokeKeyAsync(HttpContext context, KeyDesk desk, string id) =>
        DoneText.Redirect(context, "/settings", await desk.RevokeAsync(context.Caller(), id, context.RequestAborted) ? "revoked" : "gone");

    static KeyRequest RequestOf(string name, string use) => use switch
    {
        "ping" => new KeyRequest(name, "ping"),
        "send" => new KeyRequest(name, "api", ["ping", "create"]),
        "read" => new KeyRequest(name, "api", ["read"]),
        "write" => new KeyRequest(name, "api", ["ping", "create", "read", "write"]),
        "admin" => new KeyRequest(name, "api", ["ping", "create", "read", "write", "admin"]),
        _ => throw new InvalidRequestException("Choose what the key is for."),
    };
}
