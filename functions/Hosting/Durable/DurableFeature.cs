namespace Watchdesk.Hosting.Durable;

/// <summary>Adds orchestrations: who starts them and who watches over them. Rooms map their own orchestrators and activities.</summary>
public static class DurableFeature
{
    public static void AddDurable(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrchestrationClient>();
        builder.Services.AddSingleton<StartedRuns>();
        builder.Services.AddSingleton<Supervisor>();
        builder.Services.AddSingleton<StartWork>();
    }

    public static void MapDurable(this WebApplication app) => StartWork.Map(app);
}
