using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>Adds the provider table and what carries its commands out.</summary>
static class RunnersFeature
{
    public static void AddRunners(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ProviderStore>();

    public static void MapRunners(this WebApplication app) => RunStep.Map(app);
}
