using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Metrics;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>Rules that are due in one tick, each with a window of 5 min of a metric with 5 dimension sets, over tables in memory; and the pure check alone.</summary>
static class RuleFigures
{
    const string Tenant = "main";
    const int Metrics = 100;
    static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        var rules = settings.Of(10_000);
        var clock = new ManualClock(Start);
        var tables = new MemoryTables();
        var start = new DeskStart(new CommandLine(), IsHandler: false, IPAddress.Loopback, CommandLine.DefaultPort, AppContext.BaseDirectory);
        await using var app = Desk.Build(start, builder =>
        {
            builder.Services.RemoveAll<ITables>().AddSingleton<ITables>(tables);
            builder.Services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock);
        });
        await SeedAsync(app, rules);
        var figures = new Figures($"rules: {rules:N0} due in one tick, {Metrics} metrics, window 5 min, in memory");
        clock.Set(Start.AddMinutes(5));
        var since = Stopwatch.GetTimestamp();
        await app.Services.GetRequiredService<Ticker>().RunAsync(default);
        var took = Stopwatch.GetElapsedTime(since);
        var (row, _) = await app.Services.GetRequiredService<RuleStore>().ListAsync(Tenant, 1, null, default);
        figures.Holds("evaluated", row[0].State.EvaluatedAt == Start.AddMinutes(5), $"{row[0].State.EvaluatedAt:HH:mm}", "12:05");
        figures.Add("evaluations/s, with reading, state and index", Figures.Text(rules / took.TotalSeconds));
        Pure(figures, row[0].Rule, settings.Of(1_000_000));
    }

    static void Pure(Figures figures, Rule rule, int count)
    {
        var (sketch, random, state) = (new Sketch(), new Random(1), new RuleState(Start, Start));
        for (var n = 0; n < 10_000; n++)
        {
            sketch.Add(random.NextDouble() * 100, 1);
        }

        var since = Stopwatch.GetTimestamp();
        for (var n = 0; n < count; n++)
        {
            state = RuleCheck.Evaluate(rule, state, sketch, Start.AddMinutes(-5), Start);
        }

        figures.Add("evaluations/s, the pure check alone", Figures.Text(count / Stopwatch.GetElapsedTime(since).TotalSeconds));
    }

    static async Task SeedAsync(WebApplication app, int rules)
    {
        var points = Enumerable.Range(0, Metrics * 50).Select(n => new Point(
            Keys.NewId(Start), "shop", $"m{n % Metrics}", Start.AddSeconds(n % 300).ToUnixTimeMilliseconds(), Start.ToUnixTimeMilliseconds(), $$"""{"host":"h{{n % 5}}"}""", n)).ToArray();
        await new ApplyPoints(app.Services.GetRequiredService<MetricStore>(), app.Services.GetRequiredService<MetricCatalog>()).ApplyAsync(Tenant, [new InboxMessage(Keys.NewId(Start), points)], Start, default);
        var tables = app.Services.GetRequiredService<ITables>();
        var due = app.Services.GetRequiredService<DueIndex>();
        var at = Start.AddMinutes(5);
        for (var n = 0; n < rules; n++)
        {
            var rule = Rule.Of(Keys.NewId(Start), new RuleRequest($"Rule {n}", "shop", "0d_0h_5m_0s", $"P99 m{n % Metrics} 0d_0h_5m_0s > 1e9"), Start);
            await due.AddAsync([EvaluateRules.Due(Tenant, rule.Id, at)], Start, default);
            await tables.WriteAsync(Tables.Rules, TableWrite.Insert(RuleStore.Row(Tenant, rule, new RuleState(at, at))), default);
        }
    }
}
