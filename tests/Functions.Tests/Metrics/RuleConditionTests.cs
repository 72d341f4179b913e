using Watchdesk.Metrics;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Metrics;

public sealed class RuleConditionTests
{
    [Theory]
    [Trait("Demand", "S1-5")]
    [InlineData("P99 time_taken 0d_0h_0m_0s > -5",     "P99",   "time_taken",  0,     ">",  -5)]
    [InlineData("p0 a 0d_0h_0m_1s >= 0",               "P0",    "a",           1,     ">=", 0)]
    [InlineData("P100 a.b-c/d 0d_0h_1m_0s < 1e3",      "P100",  "a.b-c/d",     60,    "<",  1000)]
    [InlineData("AVG cpu 0d_1h_0m_0s <= 0.5",          "AVG",   "cpu",         3600,  "<=", 0.5)]
    [InlineData("min cpu 1d_0h_0m_0s == -0.25",        "MIN",   "cpu",         86400, "==", -0.25)]
    [InlineData("  MAX   cpu  0d_0h_0m_5000s  !=  7 ", "MAX",   "cpu",         5000,  "!=", 7)]
    [InlineData("SUM überlast 0d_0h_90m_90s > +5",     "SUM",   "überlast",    5490,  ">",  5)]
    [InlineData("COUNT errors 31d_0h_0m_0s > .5",      "COUNT", "errors",      2678400, ">", 0.5)]
    public void Is_read(string text, string aggregate, string parameter, int seconds, string comparison, double threshold)
    {
        var condition = RuleCondition.Parse(text);

        (condition.Aggregate.ToString(), condition.Parameter, condition.Window.TotalSeconds, condition.Operator, condition.Threshold)
            .ShouldBe((aggregate, parameter, seconds, comparison, threshold));
    }

    [Theory]
    [InlineData("",                                    1,  "1 to 500 characters")]
    [InlineData("P99",                                 4,  "a parameter")]
    [InlineData("P99 time_taken",                      15, "a window")]
    [InlineData("P99 time_taken 0d_0h_0m_0s",          26 + 1, "an operator")]
    [InlineData("P99 time_taken 0d_0h_0m_0s >",        29, "a number")]
    [InlineData("P101 time_taken 0d_0h_0m_0s > 5",     1,  "P0 to P100")]
    [InlineData("P9.9 time_taken 0d_0h_0m_0s > 5",     1,  "P0 to P100")]
    [InlineData("  MEDIAN time_taken 0d_0h_0m_0s > 5", 3,  "P0 to P100")]
    [InlineData("P99 time_taken 5m > 5",               17, "the unit d")]
    [InlineData("P99 time_taken 5m > 5",               17, "5m is written 0d_0h_5m_0s")]
    [InlineData("P99 0d_0h_5m_0s > 5",                 5,  "the name of a metric, is missing here: <aggregate>")]
    [InlineData("P99 5m > 5",                          5,  "the name of a metric, is missing")]
    [InlineData("AVG > 5",                             5,  "the name of a metric, is missing")]
    [InlineData("P99 time_taken > 5",                  16, "a window Xd_Xh_Xm_Xs is missing here: <aggregate>")]
    [InlineData("P99 time_taken 0d_0h_m_0s > 5",       22, "the number of m")]
    [InlineData("P99 time_taken 0d0h_0m_0s > 5",       18, "a _ belongs here")]
    [InlineData("P99 time_taken 0d_0h_0m > 5",         24, "a _ belongs here")]
    [InlineData("P99 time_taken 0d_0h_0m_0sx > 5",     27, "nothing belongs behind the seconds")]
    [InlineData("P99 time_taken 0d_0h_0m_-5s > 5",     25, "the number of s")]
    [InlineData("P99 time_taken 31d_0h_0m_1s > 5",     16, "longer than 31 d")]
    [InlineData("P99 time_taken 0d_0h_0m_9999999999s > 5", 25, "too many digits")]
    [InlineData("P99 time_taken 0d_0h_0m_0s => 5",     28, "the operator is >, >=, <, <=, == or !=, for example > 200")]
    [InlineData("P99 time_taken 0d_0h_0m_0s > five",   30, "not a number")]
    [InlineData("P99 time_taken 0d_0h_0m_0s > NaN",    30, "not a number")]
    [InlineData("P99 time_taken 0d_0h_0m_0s > 1e999",  30, "not a number")]
    [InlineData("P99 time_taken 0d_0h_0m_0s > 5 ms",   32, "nothing belongs behind the number")]
    public void An_error_points_at_its_column(string text, int column, string reason)
    {
        var error = Should.Throw<ScheduleFormatException>(() => RuleCondition.Parse(text));

        (error.Column, error.Field).ShouldBe((column, "rule_condition"));
        error.Message.ShouldContain(reason);
        error.Message.ShouldStartWith($"rule_condition, column {column}: ");
    }

    [Theory]
    [InlineData(">",  4.9, false)]
    [InlineData(">",  5.0, false)]
    [InlineData(">",  5.1, true)]
    [InlineData(">=", 4.9, false)]
    [InlineData(">=", 5.0, true)]
    [InlineData("<",  5.0, false)]
    [InlineData("<",  4.9, true)]
    [InlineData("<=", 5.0, true)]
    [InlineData("<=", 5.1, false)]
    [InlineData("==", 5.0, true)]
    [InlineData("==", 5.1, false)]
    [InlineData("!=", 5.0, false)]
    [InlineData("!=", 5.1, true)]
    public void Compares(string comparison, double value, bool isMet) =>
        RuleCondition.Parse($"AVG a 0d_0h_0m_0s {comparison} 5").IsMetBy(value).ShouldBe(isMet);

    [Theory]
    [Trait("Demand", "S1-4")]
    [InlineData("0d_0h_0m_5000s", "01:23:20")]
    [InlineData("1d_2h_3m_4s",    "1.02:03:04")]
    [InlineData("0d_0h_0m_10s",   "00:00:10")]
    [InlineData("0d_744h_0m_0s",  "31.00:00:00")]
    public void A_frequency_may_have_more_seconds_than_a_minute(string text, string expected) =>
        Rule.Of("r", new RuleRequest("Rule", "", text, "AVG a 0d_0h_0m_0s > 5"), DateTimeOffset.UnixEpoch).Every.ShouldBe(TimeSpan.Parse(expected));

    [Theory]
    [InlineData("0d_0h_0m_9s",    "frequency, column 1: it is shorter than 10 s")]
    [InlineData("0d_0h_0m_0s",    "frequency, column 1: it is shorter than 10 s")]
    [InlineData("0d_744h_0m_1s",  "frequency, column 1: the duration is longer than 31 d")]
    [InlineData("5m",             "frequency, column 2: the unit d belongs here; 5m is written 0d_0h_5m_0s.")]
    [InlineData("1h",             "frequency, column 2: the unit d belongs here; 1h is written 0d_1h_0m_0s.")]
    [InlineData(null,             "frequency is missing")]
    public void A_frequency_has_bounds(string? text, string reason) =>
        Should.Throw<FormatException>(() => Rule.Of("r", new RuleRequest("Rule", "", text, "AVG a 0d_0h_0m_0s > 5"), DateTimeOffset.UnixEpoch)).Message.ShouldStartWith(reason);
}
