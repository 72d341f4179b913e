using System.Text;
using System.Text.Json;
using Watchdesk.Metrics;
using Watchdesk.Pages;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Fuzz;

/// <summary>Mutated rules and points: an error that can be read, or they are taken; never another exception, never a 5xx.</summary>
public sealed class MetricFuzzTests(ITestOutputHelper output)
{
    const int Conditions = 100_000;
    const int Requests = 20_000;
    const string Seed = """{"name":"Rule4","namespace":"Recommendation","frequency":"0d_0h_0m_5000s","rule_condition":"P99 time_taken 0d_0h_0m_0s > -5","actions":[{"name":"gmail","value":"hv"}]}""";
    const string Point = """{"name":"time_taken","namespace":"Recommendation","at":"2026-11-20T08:00:00Z","value":12.5,"dimensions":{"host":"web-1","canary":true}}""";
    const string Otlp = """{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeMetrics":[{"metrics":[{"name":"g","gauge":{"dataPoints":[{"asDouble":1.5,"timeUnixNano":"1795161600000000000","attributes":[{"key":"a","value":{"intValue":"3"}}]}]}},{"name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"count":"3","sum":4,"min":1,"max":2,"explicitBounds":[1,2],"bucketCounts":["1","1","1"]}]}},{"name":"e","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"scale":3,"zeroCount":1,"positive":{"offset":-2,"bucketCounts":[1,2]}}]}}]}]}]}""";

    static readonly string[] Good =
    [
        "P99 time_taken 0d_0h_0m_0s > -5", "AVG cpu 0d_0h_5m_0s >= 0.5", "count errors 1d_0h_0m_0s == 0", "MIN a.b-c/d 0d_0h_0m_5000s != 1e3", "P0 x 31d_0h_0m_0s < -1E-7", "SUM x 0d_0h_90m_90s <= +.5",
    ];

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S1-5")]
    public void A_mutated_condition_is_read_or_refused_at_a_column()
    {
        var mutator = new Mutator(20261120);
        var (read, refused) = (0, 0);
        for (var n = 0; n < TestScale.Of(Conditions); n++)
        {
            var text = mutator.MutateText(Good);
            try
            {
                var condition = RuleCondition.Parse(text);
                condition.IsMetBy(0).ShouldBe(condition.IsMetBy(0));
                read++;
            }
            catch (ScheduleFormatException wrong)
            {
                wrong.Column!.Value.ShouldBeInRange(1, text.Length + 1, text);
                RuleForms.Explain(wrong, text).ShouldContain(wrong.Message);
                refused++;
            }
        }

        output.WriteLine($"{read} read, {refused} refused");
        (read > 0 && refused > 0).ShouldBeTrue();
    }

    [Fact]
    [Trait("Size", "Large")]
    public Task Rules() => FuzzAsync(mutator => (mutator.Pick(["/api/v1/rules", "/api/v1/rules/test"]), mutator.Mutate([Seed, Seed.Replace("gmail", "webhook", StringComparison.Ordinal)])));

    [Fact]
    [Trait("Size", "Large")]
    public Task Points() => FuzzAsync(mutator => ("/api/v1/metrics", mutator.Mutate([Point, $"[{Point}]", $"{Point}\n{Point}"])));

    [Fact]
    [Trait("Size", "Large")]
    public Task Exports() => FuzzAsync(mutator => ("/v1/metrics", mutator.Mutate([Otlp])));

    [Fact]
    [Trait("Size", "Large")]
    public async Task Messages()
    {
        var mutator = new Mutator(20261120);
        await using var desk = await FuzzDesk.StartAsync();
        string[] samples =
        [
            """{"envelope":{"v":1,"kind":"metrics","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467ec8","items":[{"e":"e1","n":"cpu","p":"shop","t":1795000000000,"r":1795000000000,"d":{"host":"a"},"v":1.5},{"e":"e2","n":"cpu","t":1795000000000,"r":1795000000000,"b":[1.5,3,2.5,1],"s":7,"l":1,"g":3}]}}""",
        ];
        for (var n = 0; n < TestScale.Of(Requests); n++)
        {
            var body = mutator.Mutate(samples);
            (await desk.DeliverAsync("TakeInbox", [body])).ShouldBe(200, Encoding.UTF8.GetString(body));
            desk.TakeErrors().ShouldBeEmpty(Encoding.UTF8.GetString(body));
            await ForgetAsync(desk, n);
        }
    }

    async Task FuzzAsync(Func<Mutator, (string Path, byte[] Body)> next)
    {
        var mutator = new Mutator(20261120);
        await using var desk = await FuzzDesk.StartAsync();
        var statuses = new SortedDictionary<int, int>();
        for (var n = 0; n < TestScale.Of(Requests); n++)
        {
            var (path, body) = next(mutator);
            var status = await desk.SendAsync("POST", path, "", body, "application/json", desk.Key);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            var sent = $"{status} for {path} {Encoding.UTF8.GetString(body)}";
            status.ShouldBeLessThan(500, sent);
            desk.TakeErrors().ShouldBeEmpty(sent);
            await ForgetAsync(desk, n);
        }

        output.WriteLine(JsonSerializer.Serialize(statuses));
    }

    static async Task ForgetAsync(FuzzDesk desk, int n)
    {
        if (n % 500 == 499)
        {
            await desk.SettleAsync();
            desk.TakeErrors().ShouldBeEmpty("while settling");
        }
    }
}
