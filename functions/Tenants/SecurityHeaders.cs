using Microsoft.Extensions.Options;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>
/// What every answer tells a browser: run no script but ours, guess no type, tell other sites nothing (an address can be
/// a secret), and come back over TLS when the desk has it.
/// </summary>
sealed class SecurityHeaders(RequestDelegate next, IOptions<DeskOptions> options)
{
    const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

    const string Year = "max-age=31536000";

    readonly bool _isTls = options.Value.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        if (_isTls)
        {
            // TLS ends before us: cookies and links must be made for what the visitor sees.
            context.Request.Scheme = Uri.UriSchemeHttps;
        }

        // Pings come by the thousand and from programs only.
        if (!context.Request.Path.StartsWithSegments("/ping", StringComparison.Ordinal))
        {
            // When the answer starts: an error clears the headers that were set before it.
            context.Response.OnStarting(_isTls ? OverTls : Plain, context.Response);
        }

        return next(context);
    }

    static Task Plain(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }

    static Task OverTls(object state)
    {
        ((HttpResponse)state).Headers.StrictTransportSecurity = Year;
        return Plain(state);
    }
}
