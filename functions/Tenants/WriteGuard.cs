using Microsoft.AspNetCore.Antiforgery;

namespace Watchdesk.Tenants;

/// <summary>
/// A write whose proof a browser adds by itself needs the antiforgery token; a write that a browser sends from another
/// site is refused whatever its proof.
/// </summary>
public sealed class WriteGuard(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (IsSafe(context.Request.Method) || context.Features.Get<SignedIn>() is not { } signedIn)
        {
            await next(context);
        }
        else if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && signedIn.Way != SignInWay.Key)
        {
            await Refusals.ProblemAsync(context, StatusCodes.Status403Forbidden, "Not allowed", "A page of another site may not write here.");
        }
        else if (signedIn.IsAmbient && !await antiforgery.IsRequestValidAsync(context))
        {
            await Refusals.ProblemAsync(context, StatusCodes.Status400BadRequest, "Antiforgery token", "The antiforgery token is missing or old: load the page again.");
        }
        else
        {
            await next(context);
        }
    }

    static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
