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
}
