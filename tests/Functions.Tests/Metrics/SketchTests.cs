using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Metrics;

namespace Watchdesk.Tests.Metrics;

public sealed class SketchTests
{
    static readonly int[] Percents = [0, 1, 5, 7, 25, 50, 75, 90, 95, 99, 100];

    /// <summary>Values of every size, sign and none, as senders have them.</summary>
    static readonly Gen<double> Values = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(n => (double)n),
        Gen.Choose(1, 1_000_000).Select(n => n / 1000.0),
        Gen.Choose(1, 1_000_000).Select(n => -n / 977.0),
        from power in Gen.Choose(-600, 600)
        from sign in Gen.Choose(-1, 1)
        select sign * Math.Pow(10, power / 5.0),
        Gen.Constant(0.0));

    [Fact]
    [Trait("Demand", "S1-5")]
    public void Every_percentile_is_within_one_percent_of_the_exact_one() => Prop.ForAll(
        Values.NonEmptyListOf().ToArbitrary(),
        values =>
        {
            var sketch = new Sketch();
            values.ForEach(value => sketch.Add(value, 1));
            Percents.ToList().ForEach(percent => IsNear(sketch.Percentile(percent), Exact(values, percent)).ShouldBeTrue($"P{percent} {sketch.Percentile(percent)} {Exact(values, percent)}"));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0,   12)]
    [InlineData(1,   12)]
    [InlineData(50,  12)]
    [InlineData(51,  20)]
    [InlineData(95,  20)]
    [InlineData(100, 20)]
    public void A_percentile_of_two_values_is_one_of_them(int percent, double expected)
    {
        var sketch = new Sketch();
        sketch.Add(20, 1);
        sketch.Add(12, 1);

        IsNear(sketch.Percentile(percent), expected).ShouldBeTrue();
    }

    [Theory]
    [InlineData("uniform", 100_000)]
    [InlineData("exponential", 100_000)]
    [InlineData("two humps with negatives", 100_000)]
    [InlineData("heavy tail", 100_000)]
    public void So_it_is_for_many_values(string form, int count)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, count).Select(_ => form switch
        {
            "uniform" => random.NextDouble() * 1000,
            "exponential" => -Math.Log(1 - random.NextDouble()) * 50,
            "heavy tail" => Math.Pow(1 - random.NextDouble(), -3),
            _ => (random.Next(2) == 0 ? -200 : 40) + (random.NextDouble() * 30),
        }).ToList();
        var sketch = new Sketch();
        values.ForEach(value => sketch.Add(value, 1));

        for (var percent = 0; percent <= 100; percent++)
        {
            var (found, exact) = (sketch.Percentile(percent), Exact(values, percent));
            IsNear(found, exact).ShouldBeTrue($"P{percent}: {found} and not {exact}");
        }

        sketch.Sum.ShouldBe(values.Sum(), Math.Abs(values.Sum()) * 1e-9);
        (sketch.Count, sketch.Min, sketch.Max).ShouldBe((count, values.Min(), values.Max()));
    }

    [Fact]
    public void Merged_and_stored_it_is_what_it_would_be_at_once() => Prop.ForAll(
        Values.ListOf().ToArbitrary(),
        Values.NonEmptyListOf().ToArbitrary(),
        (first, second) =>
        {
            var (one, two, both) = (new Sketch(), new Sketch(), new Sketch());
            first.ForEach(value => one.Add(value, 1));
            second.ForEach(value => two.Add(value, 1));
            first.Concat(second).ToList().ForEach(value => both.Add(value, 1));

            var stored = SketchCodec.Read(SketchCodec.Write(one));
            stored.Merge(SketchCodec.Read(SketchCodec.Write(two)));

            // Huge values of both signs cancel: what is left of their rounding is in proportion to them and not to the sum.
            stored.Sum.ShouldBe(both.Sum, first.Concat(second).Sum(Math.Abs) * 1e-9 + 1e-6);
            stored.Sum = both.Sum;
            SketchCodec.Write(stored).ShouldBe(SketchCodec.Write(both));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_that_grows_over_its_size_loses_its_lowest_buckets_and_says_so()
    {
        var sketch = new Sketch();
        for (var power = -6900; power <= 6900; power++)
        {
            sketch.Add(Math.Pow(10, power / 50.0), 1000);
        }

        var bytes = SketchCodec.Write(sketch);

        bytes.Length.ShouldBeLessThanOrEqualTo(SketchCodec.MaxBytes);
        var stored = SketchCodec.Read(bytes);
        stored.IsCollapsed.ShouldBeTrue();
        stored.Count.ShouldBe(13_801_000);
        IsNear(stored.Percentile(99), Math.Pow(10, 6762 / 50.0)).ShouldBeTrue();
        IsNear(stored.Percentile(75), Math.Pow(10, 3450 / 50.0)).ShouldBeTrue();
    }

    [Fact]
    public void Negative_values_are_the_lowest()
    {
        var sketch = new Sketch();
        for (var power = -6900; power <= 6900; power++)
        {
            sketch.Add(-Math.Pow(10, power / 50.0), 1);
            sketch.Add(Math.Pow(10, power / 50.0), 1);
        }

        var stored = SketchCodec.Read(SketchCodec.Write(sketch));

        stored.IsCollapsed.ShouldBeTrue();
        stored.Count.ShouldBe(27_602);
        stored.Min.ShouldBe(sketch.Min);
        IsNear(stored.Percentile(99), Math.Pow(10, 6624 / 50.0)).ShouldBeTrue();
    }

    [Fact]
    public void An_empty_one_has_no_percentile() => Should.Throw<InvalidOperationException>(() => new Sketch().Percentile(50));

    /// <summary>By nearest rank.</summary>
    static double Exact(IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(percent * sorted.Count / 100m) - 1)];
    }

    /// <summary>One percent of the exact value, and a billionth for the arithmetic of doubles.</summary>
    static bool IsNear(double found, double exact) => Math.Abs(found - exact) <= Math.Abs(exact) * (Sketch.RelativeError + 1e-9);
}
