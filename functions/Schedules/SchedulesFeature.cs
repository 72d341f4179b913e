using Watchdesk.Hosting.Durable;

namespace Watchdesk.Schedules;

/// <summary>Adds the due index and the tick.</summary>
public static class SchedulesFeature
{
    public static void AddSchedules(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DueIndex>();
        builder.Services.AddSingleton<TickCursor>();
        builder.Services.AddSingleton<Ticker>();
        builder.Services.AddSingleton<ExpectationWalk>();
        builder.Services.AddSingleton<IDueHandler>(provider => provider.GetRequiredService<ExpectationWalk>());
        builder.Services.AddSingleton<IDueHandler, RetentionDue>();
        builder.Services.AddSingleton<IDueHandler, SuperviseDue>();
        builder.Services.AddSingleton<IDueHandler, DurableDue>();
        builder.Services.AddSingleton<WakeLater>(provider =>
        {
            var (due, clock) = (provider.GetRequiredService<DueIndex>(), provider.GetRequiredService<TimeProvider>());
            return (kind, tenant, id, at, cancellationToken) => due.AddAsync([new DueItem(kind, tenant, id, at)], clock.GetUtcNow(), cancellationToken);
        });
        builder.Services.AddSingleton(provider => RetentionDue.NoteIn(provider.GetRequiredService<DueIndex>(), provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapSchedules(this WebApplication app) => Tick.Map(app);
}
