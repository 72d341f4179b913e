namespace Watchdesk.Configuration;

/// <summary>Adds jobs, channels and rules as one document.</summary>
public static class ConfigurationFeature
{
    public static void AddConfiguration(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<IConfigKind, ChannelsConfig>();
        services.AddSingleton<IConfigKind, JobsConfig>();
        services.AddSingleton<ConfigDesk>();
    }

    public static void MapConfiguration(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        ConfigApi.Map(app);
    }
}
