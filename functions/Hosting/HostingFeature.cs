using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Watchdesk.Hosting;

/// <summary>Adds the Functions host's side: envelopes, the guard of their endpoints, errors, telemetry, health.</summary>
public static class HostingFeature
{
    /// <summary>The environment, and when embedded local.settings.json below it.</summary>
    public static void AddSettings(this WebApplicationBuilder builder, DeskStart start)
    {
        if (!start.IsHandler)
        {
            builder.Configuration.AddInMemoryCollection(LocalSettings.Read(start.Root));
        }

        builder.Configuration.AddEnvironmentVariables();
    }

    public static void AddHosting(this WebApplicationBuilder builder, DeskStart start)
    {
        var services = builder.Services;
        services.AddSingleton(start);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Patience.Default);
        services.AddSingleton<Health>();
        services.AddSingleton<TrialStorage>();
        services.AddHostedService<Telemetry>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = problem => problem.ProblemDetails.Extensions["requestId"] = problem.HttpContext.TraceIdentifier);
        AddOptions(builder, start);
        AddLog(builder, start);
        Listen(builder, start);
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<InMemoryPipeline>());
        services.AddSingleton<InMemoryPipeline>();
    }

    public static void MapHosting(this WebApplication app)
    {
        app.UseErrors();
        app.UseRouting();
        // Routing's own answers (405, 415) come before anybody is asked to sign in: they are no address of ours.
        app.Use(next => context => context.GetEndpoint() is { RequestDelegate: { } answer } and not RouteEndpoint ? answer(context) : next(context));
        // Answers the host's readiness probe when no feature has a page here; a route of normal order wins.
        app.MapGet("/", static context => context.Response.WriteAsync("Watchdesk\n"))
            .WithOrder(int.MaxValue).WithMetadata(new AllowAnonymousAttribute()).ExcludeFromDescription();
    }

    static void AddOptions(WebApplicationBuilder builder, DeskStart start)
    {
        var options = DeskOptions.Read(builder.Configuration, start);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(Options.Create(options));
    }

    static void AddLog(WebApplicationBuilder builder, DeskStart start)
    {
        builder.Services.AddSingleton(provider => new LineLog(start.IsHandler, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LineLog>());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Watchdesk", LogLevel.Information);
        if (!start.IsHandler)
        {
            // A start that fails says so in one sentence (DeskRun); a person need not read its stack.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        }

        // Off, ASP.NET makes no activity and no scope per request; ours are in Traces and RequestId.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    /// <summary>
    /// Only here: the host's environment (ASPNETCORE_URLS, Kestrel__Endpoints and the like) is inherited and must not win.
    /// Keep-alive stays at its default, since the host's client relies on closing idle connections itself.
    /// </summary>
    static void Listen(WebApplicationBuilder builder, DeskStart start)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpsPortsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.PreferHostingUrlsKey, "false");
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(new IPEndPoint(start.Address, start.Port));
        });
    }
}
