using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Schedules;

/// <summary>A year of 50 series on the pure engine: jitter, clocks that change, outages, misses, floods.</summary>
public sealed class CountYearTests(ITestOutputHelper output)
{
    const int Series = 50;

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-11")]
    [Trait("Demand", "S4-12")]
    [Trait("Demand", "S4-13")]
    public void A_year_without_a_false_alarm_and_with_every_fault_found()
    {
        var years = Enumerable.Range(0, TestScale.Of(10 * Series)).Select(n => SimulatedSeries.Of(n, isBounded: true).Run()).ToList();

        Print("bounded jitter", years);
        years.Sum(year => year.FalseAlarms.Count).ShouldBe(0, string.Join('\n', years.SelectMany(year => year.FalseAlarms)));
        years.Sum(year => year.Unfound.Count).ShouldBe(0, string.Join('\n', years.SelectMany(year => year.Unfound)));
        years.Sum(year => year.Faults).ShouldBeGreaterThan(years.Count);
    }

    /// <summary>What is late without bound is late too much now and then: the rate is stated, not zero.</summary>
    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S4-13")]
    public void With_normal_jitter_false_alarms_are_rare()
    {
        var years = Enumerable.Range(0, TestScale.Of(10 * Series)).Select(n => SimulatedSeries.Of(n, isBounded: false).Run()).ToList();

        Print("normal jitter", years);
        ((double)years.Sum(year => year.FalseAlarms.Count) / years.Sum(year => year.Judged)).ShouldBeLessThan(0.01);
        years.Sum(year => year.Unfound.Count).ShouldBe(0, string.Join('\n', years.SelectMany(year => year.Unfound)));
    }

    void Print(string what, IReadOnlyCollection<SimulatedYear> years)
    {
        var (judged, faults, alarms) = (years.Sum(year => year.Judged), years.Sum(year => year.Faults), years.Sum(year => year.FalseAlarms.Count));
        output.WriteLine($"{what}: {years.Count} series-years, {judged} arrivals judged after learning, {alarms} false alarms ({(double)alarms / judged:P4} of arrivals), {faults - years.Sum(year => year.Unfound.Count)} of {faults} injected faults found");
        foreach (var per in years.GroupBy(year => year.Schedule.Per))
        {
            output.WriteLine($"  per {per.Key}: {per.Count()} series, {per.Sum(year => year.Judged)} judged, {per.Sum(year => year.FalseAlarms.Count)} false alarms, {per.Sum(year => year.Faults)} faults, {per.Sum(year => year.Unfound.Count)} not found");
        }
    }
}
