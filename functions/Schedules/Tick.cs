using Watchdesk.Hosting;

namespace Watchdesk.Schedules;

/// <summary>The one timer: everything periodic is a row in the due index.</summary>
static class Tick
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapTrigger("Tick", (_, cancellationToken) => routes.ServiceProvider.GetRequiredService<Ticker>().RunAsync(cancellationToken), TriggerRoutes.TimerDeadline);
}
