using System.Diagnostics;

namespace Watchdesk.Hosting;

/// <summary>
/// Our own spans: one per request and per invocation, named by the route's pattern and never by the path, since
/// addresses of pings and webhooks are secrets. Costs nothing when nobody listens.
/// </summary>
public static class Traces
{
    public const string Name = "Watchdesk";

    internal static readonly ActivitySource Source = new(Name, DeskVersion.Text);

    /// <summary>The invocation that is running was caused by this message; a batch has many causes.</summary>
    public static void Link(string? traceparent)
    {
        if (Activity.Current is { } activity && ActivityContext.TryParse(traceparent, null, out var cause))
        {
            activity.AddLink(new ActivityLink(cause));
        }
    }

    internal static Activity? Begin(HttpContext context)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        return ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var parent)
            ? Source.StartActivity("request", ActivityKind.Server, parent)
            : Source.StartActivity("request", ActivityKind.Server);
    }

    internal static void End(Activity activity, HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        var function = endpoint?.Metadata.GetMetadata<TriggerEndpoint>()?.Function;
        activity.DisplayName = function ?? $"{context.Request.Method} {route}";
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("http.route", route);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        activity.SetTag("watchdesk.request_id", context.TraceIdentifier);
        if (function is not null)
        {
            activity.SetTag("faas.name", function);
        }

        if (context.Response.StatusCode >= 500)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
