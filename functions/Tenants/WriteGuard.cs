using Microsoft.AspNetCore.Antiforgery;
using Watchdesk.Hosting;

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
            await Refusals.WriteAsync(context, new Problem(StatusCodes.Status403Forbidden, "A page of another site may not write here."));
        }
        else if (signedIn.IsAmbient && !await antiforgery.IsRequestValidAsync(context))
        {
            await Refusals.WriteAsync(context, new Problem(StatusCodes.Status400BadRequest, "The antiforgery token is missing or old: load the page again."));
        }
        else
        {
            await next(context);
        }
    }

    static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
