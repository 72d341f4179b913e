using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>Adds jobs, pings, runs and statistics.</summary>
public static class HeartbeatsFeature
{
    public static void AddHeartbeats(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Inbox>();
        services.AddSingleton<JobRows>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobDirectory>();
        services.AddSingleton<JobParents>();
        services.AddSingleton<OutputStore>();
        services.AddSingleton<JobTeller>();
        services.AddSingleton<ApplyEvents>();
        services.AddSingleton<RecordPing>();
        services.AddSingleton<RecordHeartbeats>();
        services.AddSingleton<IInboxConsumer, TakeRuns>();
        services.AddSingleton<TakeInbox>();
        services.AddSingleton<TakeNative>();
        services.AddSingleton<JobsApi>();
        services.AddSingleton<ChangeJobs>();
        services.AddSingleton<JobHistoryReader>();
        services.AddSingleton<TestSchedule>();
        services.AddSingleton<ImportJobs>();
        services.AddSingleton<IDueHandler, JobLookout>();
        services.AddSingleton(JobRows.Walked);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, JobJson.Default));
    }

    public static void MapHeartbeats(this WebApplication app)
    {
        RecordPing.Map(app);
        RecordHeartbeats.Map(app);
        JobsApi.Map(app);
        ChangeJobs.Map(app);
        TestSchedule.Map(app);
        ImportJobs.Map(app);
        TakeInbox.Map(app);
        TakeNative.Map(app);
    }
}
