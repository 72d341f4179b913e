namespace Watchdesk.Heartbeats;

/// <summary>Adds jobs, pings, runs and statistics.</summary>
public static class HeartbeatsFeature
{
    public static void AddHeartbeats(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapHeartbeats(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
