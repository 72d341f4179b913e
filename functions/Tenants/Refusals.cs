using Microsoft.Net.Http.Headers;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>Answers to those who may not: problem details for programs, the sign-in page for people.</summary>
static class Refusals
{
    public static Task ChallengeAsync(HttpContext context, string? reason)
    {
        if (context.Features.Get<MustWait>() is { } wait)
        {
            return WriteAsync(context, new Problem(StatusCodes.Status429TooManyRequests, "Too many wrong passwords. Retry-After says how many seconds to wait.", wait.Wait));
        }

        if (IsPage(context.Request))
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Redirect("/sign-in" + (To(context.Request) is { } to ? "?to=" + Uri.EscapeDataString(to) : ""));
            return Task.CompletedTask;
        }

        if (context.Request.Path.StartsWithSegments("/api/v1.0", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Watchdesk\", charset=\"UTF-8\"";
        }

        return WriteAsync(context, new Problem(StatusCodes.Status401Unauthorized, (reason is null ? "" : reason + " ") + "Send a key as Authorization: Bearer wd_…, a local account as Basic, or sign in at /sign-in."));
    }

    public static Task ForbidAsync(HttpContext context) =>
        WriteAsync(context, context.Features.Get<Refused>() is { } refused ? new Problem(StatusCodes.Status403Forbidden, refused.Reason) : Problem.Of(StatusCodes.Status403Forbidden));

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.Headers.CacheControl = "no-store";
        return problem.WriteAsync(context);
    }

    /// <summary>A browser that wants to see something, not a program.</summary>
    public static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Headers.ContainsKey(HeaderNames.Authorization)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);

    static string? To(HttpRequest request) =>
        request.Path == "/" ? null : request.Path + request.QueryString;
}
