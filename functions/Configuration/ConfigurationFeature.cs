namespace Watchdesk.Configuration;

/// <summary>Adds jobs, channels, rules and mail rules as one document.</summary>
public static class ConfigurationFeature
{
    public static void AddConfiguration(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<IConfigKind, ChannelsConfig>();
        services.AddSingleton<IConfigKind, JobsConfig>();
        services.AddSingleton<IConfigKind, RulesConfig>();
        services.AddSingleton<IConfigKind, MailRulesConfig>();
        services.AddSingleton<ConfigDesk>();
    }

    public static void MapConfiguration(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        ConfigApi.Map(app);
    }
}
