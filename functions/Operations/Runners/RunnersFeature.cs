using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>Adds the provider table and what carries its commands out. In Azure programs run in containers, else on this machine.</summary>
static class RunnersFeature
{
    public static void AddRunners(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ProviderStore>();
        services.AddSingleton<ProviderVault>();
    }

    public static void MapRunners(this WebApplication app)
    {
        RunStep.Map(app);
        ProvidersApi.Map(app);
    }
}
