using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>Adds points, sketches and threshold rules.</summary>
public static class MetricsFeature
{
    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<MetricStore>();
        services.AddSingleton<MetricCatalog>();
        services.AddSingleton<MetricQuery>();
        services.AddSingleton<RecordMetrics>();
        services.AddSingleton<IInboxConsumer, ApplyPoints>();
        services.AddSingleton<IDueHandler, MetricRetention>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton(RuleStore.Walked);
        services.AddSingleton<RuleActions>();
        services.AddSingleton<RuleDesk>();
        services.AddSingleton<RuleTeller>();
        services.AddSingleton<RuleTrial>();
        services.AddSingleton<IDueHandler, EvaluateRules>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(MetricsJson.Default));
    }

    /// <summary>Applies logged points to the tables of a replay.</summary>
    public static IReadOnlyList<IInboxConsumer> ReplayConsumers(ITables tables, DueIndex due) =>
        [new ApplyPoints(new MetricStore(tables), new MetricCatalog(tables, due, TimeProvider.System))];

    public static void MapMetrics(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RecordMetrics.Map(app);
        MetricsApi.Map(app);
        RulesApi.Map(app);
    }
}
