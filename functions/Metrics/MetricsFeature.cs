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

    /// <summary>Points, and rules: they have no state in the log and begin anew.</summary>
    public static ReplayPart Replay(ReplayTarget into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var points = new ApplyPoints(new MetricStore(into.Tables), new MetricCatalog(into.Tables, into.Due, into.Clock));
        var rules = new RuleStore(into.Tables, new EventLog(into.Blobs, into.Clock));
        return new ReplayPart(BeginRulesAsync, points);

        async Task BeginRulesAsync(string tenant, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var (rows, _) = await rules.ListAsync(tenant, RuleStore.MaxRules, null, cancellationToken);
            var walk = rows.Take(1).Select(_ => ExpectationWalk.First(RuleStore.Walked.Name, tenant, 0, now));
            await into.Due.AddAsync([.. rows.Select(row => EvaluateRules.Due(tenant, row.Rule.Id, now)), .. walk], now, cancellationToken);
        }
    }

    public static void MapMetrics(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RecordMetrics.Map(app);
        MetricsApi.Map(app);
        RulesApi.Map(app);
    }
}
