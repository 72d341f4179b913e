using Watchdesk.Metrics;

namespace Watchdesk.Tests.Metrics;

public sealed class RuleCheckTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    static readonly Rule Limit = A("AVG cpu 0d_0h_5m_0s > 80");

    [Fact]
    public void It_fires_while_the_condition_is_met_and_turns_only_then()
    {
        var state = new RuleState(Noon, Noon);

        var below = Check(state, 79);
        var above = Check(below, 81);
        var still = Check(above, 90);
        var over = Check(still, 80);

        (below.Turn, above.Turn, still.Turn, over.Turn).ShouldBe((0, 1, 1, 2));
        (below.IsFiring, above.IsFiring, still.IsFiring, over.IsFiring).ShouldBe((false, true, true, false));
        above.Reason.ShouldBe("AVG of shop/cpu is 81 over 5 min (1 value); it fires at > 80.");
        over.Reason.ShouldBe("AVG of shop/cpu is 80 over 5 min (1 value); it would fire at > 80.");
        over.Firings.ShouldBe([new Firing(Noon, Noon)]);
    }

    [Fact]
    public void No_data_is_not_zero_and_neither_begins_nor_ends_an_alarm()
    {
        var rule = A("AVG cpu 0d_0h_5m_0s < 80");
        var silent = RuleCheck.Evaluate(rule, new RuleState(Noon, Noon), new Sketch(), Noon.AddMinutes(-5), Noon);
        (silent.IsFiring, silent.Turn, silent.Value).ShouldBe((false, 0, null));
        silent.Reason.ShouldBe("No data: shop/cpu had no value for 5 min. It does not fire on nothing.");

        var firing = RuleCheck.Evaluate(rule, silent, Sketch.Of(10), Noon.AddMinutes(-5), Noon);
        var silentAgain = RuleCheck.Evaluate(rule, firing, new Sketch(), Noon.AddMinutes(-5), Noon);
        (silentAgain.IsFiring, silentAgain.Turn).ShouldBe((true, 1));
        silentAgain.Reason.ShouldContain("It keeps firing");
    }

    [Theory]
    [InlineData("0d_0h_5m_0s",  300,  "11:55:00")]
    [InlineData("0d_0h_0m_0s",  300,  "11:58:20")]
    [InlineData("0d_0h_0m_0s",  null, "11:50:00")]
    public void A_window_of_zero_is_the_time_since_the_last_evaluation(string window, int? evaluated, string expected)
    {
        var state = new RuleState(Noon, Noon, evaluated is null ? null : Noon.AddSeconds(-100));

        state.WindowAt(A($"AVG cpu {window} > 80"), Noon).From.ShouldBe(DateTimeOffset.Parse($"2026-11-20T{expected}Z"));
    }

    [Theory]
    [InlineData(0,    600)]
    [InlineData(1,    600)]
    [InlineData(599,  600)]
    [InlineData(600,  1200)]
    [InlineData(7205, 7800)]
    public void It_keeps_its_rhythm_and_makes_up_for_nothing(int late, int next) =>
        RuleCheck.NextAt(Limit, Noon, Noon.AddSeconds(late)).ShouldBe(Noon.AddSeconds(next));

    [Fact]
    public void A_hundred_alarms_are_kept()
    {
        var state = new RuleState(Noon, Noon);
        for (var n = 0; n < 150; n++)
        {
            state = Check(Check(state, 81), 79);
        }

        state.Firings!.Count.ShouldBe(RuleState.MaxFirings);
        state.Turn.ShouldBe(300);
    }

    static RuleState Check(RuleState state, double value) => RuleCheck.Evaluate(Limit, state, Sketch.Of(value), Noon.AddMinutes(-5), Noon);

    static Rule A(string condition) => Rule.Of("r", new RuleRequest("Rule", "shop", "0d_0h_10m_0s", condition), Noon);
}
