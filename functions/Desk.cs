using Watchdesk.Clients;
using Watchdesk.Configuration;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Incidents;
using Watchdesk.Mail;
using Watchdesk.Metrics;
using Watchdesk.Notices;
using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Pages;
using Watchdesk.Schedules;
using Watchdesk.Tenants;
using Watchdesk.Tenants.Audit;

namespace Watchdesk;

/// <summary>The program, room by room.</summary>
public static class Desk
{
    /// <param name="adjust">Tests replace clients here.</param>
    public static WebApplication Build(DeskStart start, Action<WebApplicationBuilder>? adjust = null)
    {
        // Empty: a cold start pays for nothing we do not use, and the host's inherited ASPNETCORE_* settings have no say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = start.Root, EnvironmentName = Environments.Production, ApplicationName = "watchdesk" });
        builder.AddSettings(start);
        builder.AddHosting(start);
        builder.AddClients();
        builder.AddDurable();
        builder.AddTenants();
        builder.AddSchedules();
        builder.AddHeartbeats();
        builder.AddMail();
        builder.AddIncidents();
        builder.AddNotices();
        builder.AddMetrics();
        builder.AddOperations();
        builder.AddConfiguration();
        builder.AddPages();
        builder.AddApiDescription();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(IncidentsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(NoticesJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ConfigJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ProvidersJson.Default);
        });
        if (!start.IsHandler)
        {
            builder.AddEmbeddedHost(start, services => services.GetRequiredService<FirstAdmin>().EnsureAsync);
        }

        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseAudit();
        app.MapHosting();
        app.MapTenants();
        app.MapHealth(maySeeDetails: context => context.CallerOrNull() is not null).AllowAnonymousSeeingCaller();
        app.MapApiDescription().Requires(Role.Reader);
        app.MapDurable();
        app.MapSchedules();
        app.MapHeartbeats();
        app.MapMail();
        app.MapIncidents();
        app.MapNotices();
        app.MapMetrics();
        app.MapOperations();
        app.MapConfiguration();
        app.MapPages();
        if (!start.IsHandler)
        {
            app.MapEmbeddedHost();
        }

        return app;
    }
}
