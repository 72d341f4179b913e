using System.Net;

namespace Watchdesk.Hosting;

/// <summary>Tells an invocation by the host from a public request to the same path; the latter must get 404.</summary>
static class EnvelopeGuard
{
    public static bool Allows(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return false;
        }

        // Only code of this process can set the feature: no header over a socket does.
        return context.Features.Get<InMemoryInvocation>() is not null
            || (context.RequestServices.GetRequiredService<DeskStart>().IsHandler && IsFromHost(context));
    }

    /// <summary>Contract 6.6: the host's proxy adds X-Forwarded-* to every public request and a client cannot take it away; envelope calls have none.</summary>
    static bool IsFromHost(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            return false;
        }

        foreach (var (name, _) in context.Request.Headers)
        {
            if (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Feature of an HttpContext that was made in this process to invoke a function.</summary>
sealed class InMemoryInvocation
{
    public static readonly InMemoryInvocation Instance = new();
}
