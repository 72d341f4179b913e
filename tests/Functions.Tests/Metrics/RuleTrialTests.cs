using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Metrics;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

public sealed class RuleTrialTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_tells_what_would_have_fired_and_what_differs_from_what_did()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        var rule = """{"name":"Limit","frequency":"0d_0h_1m_0s","rule_condition":"AVG cpu 0d_0h_2m_0s > 80"}""";
        (await desk.PostAsync("/api/v1/rules", Json(rule))).EnsureSuccessStatusCode();
        for (var minute = 0; minute < 60; minute++)
        {
            (await desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "cpu", value = minute is (>= 20 and < 25) or (>= 40 and < 50) ? 90 : 70 } })).EnsureSuccessStatusCode();
            await app.SettleAsync();
            await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        var same = await TryAsync(desk, rule);
        (Number(same, "count"), Number(same, "evaluations")).ShouldBe((2, 43_200));
        Length(same, "fired").ShouldBe(2);
        Length(same, "didFire").ShouldBe(2);
        (Length(same, "more"), Length(same, "less")).ShouldBe((0, 0));
        same.GetProperty("every").GetString().ShouldBe("00:01:00");
        same.GetProperty("comparedFrom").GetString().ShouldBe("2026-11-20T08:00:00+00:00");

        var looser = await TryAsync(desk, rule.Replace("> 80", "> 69"));
        (Length(looser, "fired"), Length(looser, "less")).ShouldBe((1, 0));

        var stricter = await TryAsync(desk, rule.Replace("> 80", "> 99"));
        (Length(stricter, "fired"), Length(stricter, "more"), Length(stricter, "less")).ShouldBe((0, 0, 2));

        var unknown = await TryAsync(desk, rule.Replace("Limit", "Another"));
        unknown.TryGetProperty("didFire", out _).ShouldBeFalse();
        Length(unknown, "more").ShouldBe(2);
    }

    [Fact]
    public void It_is_compared_only_from_when_on_it_is_known_what_did_fire()
    {
        var rule = Rule.Of("r", new RuleRequest("R", "", "0d_0h_1m_0s", "AVG a 0d_0h_1m_0s > 50"), Start);
        var minutes = Enumerable.Range(0, 1000).Select(n => (Start.AddMinutes(n), Sketch.Of(n % 2 * 100))).ToList();
        var all = RuleReplay.Run(rule, minutes, Start, Start.AddMinutes(1000), null).Fired;
        var row = new RuleRow("main", rule, new RuleState(Start, Start, Firings: [.. all.TakeLast(RuleState.MaxFirings)]), "");

        var tried = RuleReplay.Run(rule, minutes, Start, Start.AddMinutes(1000), KnownFirings.Of(row));

        (tried.ComparedFrom, tried.Count, tried.DidFire!.Count).ShouldBe((all[^100].From, all.Count, 100));
        tried.Count.ShouldBeGreaterThan(400);
        (tried.More.Count, tried.Less.Count).ShouldBe((0, 0));
    }

    /// <summary>The trial and the desk are one engine: fed with the same minutes they turn at the same instants.</summary>
    [Theory]
    [InlineData("AVG a 0d_0h_5m_0s > 50")]
    [InlineData("P99 a 0d_0h_1m_0s >= 90")]
    [InlineData("COUNT a 0d_0h_0m_0s < 2")]
    [InlineData("MIN a 0d_1h_0m_0s <= 1")]
    public void A_replay_turns_where_single_evaluations_turn(string condition)
    {
        var random = new Random(7);
        var rule = Rule.Of("r", new RuleRequest("R", "", "0d_0h_3m_0s", condition), Start);
        var minutes = Enumerable.Range(0, 24 * 60).Where(_ => random.Next(3) > 0).Select(n => (Start.AddMinutes(n), Sketch.Of(random.Next(100)))).ToList();
        var (state, fired) = (new RuleState(Start, Start), new List<DateTimeOffset>());
        for (var now = Start.AddMinutes(3); now <= Start.AddDays(1); now = now.AddMinutes(3))
        {
            var (from, to) = state.WindowAt(rule, now);
            var sketch = new Sketch();
            foreach (var (_, one) in minutes.Where(minute => minute.Item1 >= MetricWindow.Floor(from) && minute.Item1 < MetricWindow.Ceiling(to)))
            {
                sketch.Merge(one);
            }

            var after = RuleCheck.Evaluate(rule, state, sketch, from, now);
            if (after.IsFiring && !state.IsFiring)
            {
                fired.Add(now);
            }

            state = after;
        }

        var tried = RuleReplay.Run(rule, minutes, Start, Start.AddDays(1), null);

        tried.Fired.Select(firing => firing.From).ShouldBe(fired);
        tried.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_would_take_too_long_is_evaluated_less_often_and_says_so()
    {
        var rule = Rule.Of("r", new RuleRequest("R", "", "0d_0h_0m_10s", "P99 a 31d_0h_0m_0s > 50"), Start);
        var minutes = Enumerable.Range(0, 30 * 24 * 60).Select(n => (Start.AddMinutes(n), Sketch.Of(1))).ToList();

        var tried = RuleReplay.Run(rule, minutes, Start, Start.AddDays(30), null);

        tried.Every.ShouldBeGreaterThan(TimeSpan.FromMinutes(1));
        ((long)tried.Evaluations * minutes.Count).ShouldBeLessThan(1_100_000);
    }

    [Fact]
    public async Task A_wrong_rule_is_refused_and_nothing_is_stored()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();

        (await desk.PostAsync("/api/v1/rules/test", Json("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG"}"""))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await TryAsync(desk, """{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_1m_0s > 1"}""");

        app.Tables.Rows(Watchdesk.Clients.Tables.Rules).ShouldBeEmpty();
    }

    static async Task<JsonElement> TryAsync(HttpClient desk, string rule)
    {
        var answer = await desk.PostAsync("/api/v1/rules/test", Json(rule));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static int Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();

    static int Length(JsonElement answer, string name) => answer.GetProperty(name).GetArrayLength();
}
