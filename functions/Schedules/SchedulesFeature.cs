namespace Watchdesk.Schedules;

/// <summary>Adds the due index and the tick.</summary>
public static class SchedulesFeature
{
    public static void AddSchedules(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DueIndex>();
        builder.Services.AddSingleton<TickCursor>();
        builder.Services.AddSingleton<Ticker>();
    }

    public static void MapSchedules(this WebApplication app) => Tick.Map(app);
}
