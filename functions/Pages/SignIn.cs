using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/sign-in</c> and <c>/sign-out</c>.</summary>
static class SignIn
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", Show).AllowAnonymousSeeingCaller().ExcludeFromDescription();
        routes.MapPost("/sign-in", SignInAsync).AllowAnonymousSeeingCaller().ExcludeFromDescription();
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymousSeeingCaller().ExcludeFromDescription();
    }

    static IResult Show(HttpContext context)
    {
        var to = LocalPath(context.Request.Query["to"]);
        return context.CallerOrNull() is null ? PageOf(context, to) : TypedResults.Redirect(to);
    }

    static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, LocalAccounts accounts, SessionCookie cookie, ClientAddress address)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields login and password as a form.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (login, password, to) = (form["login"].ToString().Trim(), form["password"].ToString(), LocalPath(form["to"]));
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return PageOf(context, to, login, "This page was open for too long. Try once more.", StatusCodes.Status400BadRequest);
        }

        var check = await accounts.SignInAsync(login, password, address.Of(context), context.RequestAborted);
        if (check.Wait > TimeSpan.Zero)
        {
            var seconds = Math.Ceiling(check.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = seconds;
            return PageOf(context, to, login, $"Too many wrong passwords. Wait {seconds} s before the next try.", StatusCodes.Status429TooManyRequests);
        }

        if (check.User is null)
        {
            return PageOf(context, to, login, "The account or its password is wrong.", StatusCodes.Status401Unauthorized);
        }

        await cookie.BeginAsync(context, check.User);
        return SeeOther(context, to);
    }

    static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions)
    {
        var signedIn = context.Features.Get<SignedIn>();
        if (signedIn?.SessionId is { } id)
        {
            await sessions.EndAsync(id, context.RequestAborted);
        }

        SessionCookie.Forget(context);
        return SeeOther(context, signedIn?.Way == SignInWay.Principal ? "/.auth/logout?post_logout_redirect_uri=/sign-in" : "/sign-in");
    }

    static Page<SignInPage> PageOf(HttpContext context, string to, string? login = null, string? problem = null, int status = StatusCodes.Status200OK)
    {
        var entra = context.RequestServices.GetRequiredService<EntraSignIn>().IsTrusted ? "/.auth/login/aad?post_login_redirect_uri=" + Uri.EscapeDataString(to) : null;
        return new Page<SignInPage>(
            PageFrame.Of(context, "Sign in") with { Caller = null },
            ("Login", login), ("To", to), ("Problem", problem), ("EntraUrl", entra))
        { Status = status };
    }

    static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A path of this desk, and nothing that a browser reads as another site.</summary>
    internal static string LocalPath(string? to) =>
        to is ['/', ..] && to is not ['/', '/' or '\\', ..] && to.Length <= 2000 && !to.Any(char.IsControl) && !to.StartsWith("/sign-", StringComparison.Ordinal) ? to : "/";
}
