using Watchdesk.Clients;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Adds signals, incidents and their history.</summary>
public static class IncidentsFeature
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton(new OutboxHome(Tables.Incidents));
        services.AddSingleton<IncidentStore>();
        services.AddSingleton<IncidentDesk>();
        services.AddSingleton<IncidentActions>();
        services.AddSingleton<WhoIsTold>();
        services.AddSingleton<Reminders>();
        services.AddSingleton<IncidentRetention>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<IncidentRetention>());
        services.AddSingleton<IDueHandler, AcknowledgementDue>();
        services.AddSingleton<IDueHandler, ReminderDue>();
        services.AddSingleton<IDueHandler, DigestDue>();
    }

    public static void MapIncidents(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        IncidentsApi.Map(app);
        NoticeSettingsApi.Map(app);
    }
}
