namespace Watchdesk.Hosting;

/// <summary>Adds the Functions host's side: envelopes, the guard of their endpoints, errors, telemetry, health.</summary>
public static class HostingFeature
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapHosting(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
