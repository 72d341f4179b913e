using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>Where a request comes from, for damping only. A proxy's header is read only behind the Functions host.</summary>
public sealed class ClientAddress(DeskStart start)
{
    /// <summary>The last hop that the proxy names: earlier ones can be made up by the sender.</summary>
    public string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var forwarded = start.IsHandler ? context.Request.Headers["X-Forwarded-For"].ToString() : "";
        var last = forwarded.AsSpan(forwarded.LastIndexOf(',') + 1).Trim();
        return last is { Length: > 0 and <= 64 } ? last.ToString() : context.Connection.RemoteIpAddress?.ToString() ?? "?";
    }
}
