using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>One invocation as the Functions host sends it.</summary>
public sealed record Invocation(string Function, string Id, JsonElement Data, JsonElement Metadata);

public static class TriggerRoutes
{
    /// <summary>
    /// Maps a non-HTTP function of the same name as its function.json. When the handler returns, everything is stored
    /// or set aside and the host gets 200; when it throws, the host gets 500 and delivers again.
    /// </summary>
    public static void MapTrigger(this IEndpointRouteBuilder routes, string function, Func<Invocation, CancellationToken, Task> handle)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(handle);
    }
}
