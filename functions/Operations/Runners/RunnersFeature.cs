using Watchdesk.Hosting;
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
        services.AddSingleton<ContainerProgram>();
        services.AddSingleton<ResourceManagerRunner>();
        services.AddSingleton<WebhookRunner>();
        services.AddSingleton(provider =>
        {
            var containers = provider.GetRequiredService<ContainerProgram>();
            var clock = provider.GetRequiredService<TimeProvider>();
            var folder = provider.GetRequiredService<DeskOptions>().DataFolder;
            return provider.GetRequiredService<DeskStart>().IsHandler
                ? new CliRunner(containers, null, null, null)
                : new CliRunner(containers, new LocalProgram(folder, clock), new Claims(folder, clock), provider.GetRequiredService<CancelledBy>());
        });
        services.AddSingleton<AdvanceStep>();
    }

    public static void MapRunners(this WebApplication app)
    {
        RunStep.Map(app);
        AdvanceStep.Map(app);
        ProvidersApi.Map(app);
    }
}
