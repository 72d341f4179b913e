namespace Watchdesk.Incidents;

/// <summary>Adds signals, incidents and their history.</summary>
public static class IncidentsFeature
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IncidentDesk>();
    }

    public static void MapIncidents(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
