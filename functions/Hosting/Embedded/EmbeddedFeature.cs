using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Adds what Azure is otherwise: storage, timers and queue triggers.</summary>
public static class EmbeddedFeature
{
    /// <param name="ensureAdmin">Sets the given password, or makes one, for the first sign-in; see <see cref="FirstSignIn"/>.</param>
    public static void AddEmbeddedHost(this WebApplicationBuilder builder, DeskStart start, Func<IServiceProvider, Func<string?, CancellationToken, Task<string?>>> ensureAdmin)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new FirstSignIn(start.Line.AdminPassword, ensureAdmin(provider)));
        services.AddSingleton(Chaos.None);
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<TriggerPumps>();
        AddOrchestrations(services, provider => provider.GetRequiredService<StorageQueueClient>());
        if (start.Line.IsDemo)
        {
            services.AddSingleton<SampleBuild>();
            services.AddHostedService(provider => provider.GetRequiredService<SampleBuild>());
        }

        services.AddHostedService<EmbeddedHost>();
        if (start.Line.IsDemo)
        {
            services.AddHostedService<Demo>();
        }

        services.Configure<HostOptions>(host => host.ShutdownTimeout = TriggerPumps.FinishLimit + TimeSpan.FromSeconds(15));
    }

    public static void MapEmbeddedHost(this WebApplication app) => app.Services.GetRequiredService<DurableManagement>().Map(app);

    /// <param name="queue">Where work items go: the Storage queue, whatever other messages use.</param>
    internal static void AddOrchestrations(IServiceCollection services, Func<IServiceProvider, IMessageSender> queue)
    {
        services.AddSingleton<DurableStore>();
        services.AddSingleton<DurableFunctions>();
        services.AddSingleton(provider => new DurableMail(provider.GetRequiredService<DurableStore>(), queue(provider), provider.GetRequiredService<WakeLater>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DurableDispatch>();
        services.AddSingleton<DurableEngine>();
        services.AddSingleton<DurablePump>();
        services.AddSingleton<DurableManagement>();
    }
}
