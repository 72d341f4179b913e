namespace Watchdesk.Tenants;

/// <summary>The cookie that keeps a browser signed in: no script reads it, no other site sends it with a write.</summary>
public sealed class SessionCookie(Sessions sessions, ClientAddress address, TimeProvider clock)
{
    /// <summary>Begins a session and gives it to the browser; the audit knows who it is from here on.</summary>
    public async Task BeginAsync(HttpContext context, User user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        var token = await sessions.BeginAsync(user, context.Request.Headers.UserAgent.ToString(), address.Of(context), clock.GetUtcNow(), context.RequestAborted);
        context.Response.Cookies.Append(Sessions.Cookie, token, OptionsOf(context, Sessions.Lasts));
        context.Features.Set(user.ToCaller());
    }

    public static void Forget(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Delete(Sessions.Cookie, OptionsOf(context, null));
    }

    static CookieOptions OptionsOf(HttpContext context, TimeSpan? lasts) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = lasts,
    };
}
