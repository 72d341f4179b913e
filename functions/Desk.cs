using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Pages;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk;

/// <summary>The program, room by room.</summary>
public static class Desk
{
    /// <param name="adjust">Tests replace clients here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddHosting();
        builder.AddClients();
        builder.AddTenants();
        builder.AddSchedules();
        builder.AddHeartbeats();
        builder.AddIncidents();
        builder.AddNotices();
        builder.AddPages();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.MapHosting();
        app.MapTenants();
        app.MapSchedules();
        app.MapHeartbeats();
        app.MapIncidents();
        app.MapNotices();
        app.MapPages();
        return app;
    }
}
