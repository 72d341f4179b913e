using System.Diagnostics;
using Watchdesk.Metrics;

namespace Watchdesk.Benchmarks;

/// <summary>How far percentiles of a sketch are from exact ones, how large it is, and what adding and merging costs.</summary>
static class SketchFigures
{
    static readonly (string Name, Func<Random, double> Next)[] Forms =
    [
        ("uniform 0 to 1000", random => random.NextDouble() * 1000),
        ("exponential, mean 50", random => -Math.Log(1 - random.NextDouble()) * 50),
        ("log-normal", random => Math.Exp(3 + (1.5 * Normal(random)))),
        ("normal around zero", random => Normal(random) * 20),
        ("heavy tail", random => Math.Pow(1 - random.NextDouble(), -2)),
    ];

    public static Task RunAsync(BenchmarkSettings settings)
    {
        var count = settings.Of(1_000_000);
        var figures = new Figures($"sketch: {count:N0} values of each kind, P0 to P100");
        foreach (var (name, next) in Forms)
        {
            Measure(figures, name, next, count);
        }

        return Task.CompletedTask;
    }

    static void Measure(Figures figures, string name, Func<Random, double> next, int count)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, count).Select(_ => next(random)).ToArray();
        var sketch = new Sketch();
        var since = Stopwatch.GetTimestamp();
        foreach (var value in values)
        {
            sketch.Add(value, 1);
        }

        var took = Stopwatch.GetElapsedTime(since);
        Array.Sort(values);
        var worst = Enumerable.Range(0, 101).Max(percent => Math.Abs(sketch.Percentile(percent) - Exact(values, percent)) / Math.Max(double.Epsilon, Math.Abs(Exact(values, percent))));
        var bytes = SketchCodec.Write(sketch);
        figures.AtMost($"{name}: largest relative error", worst * 100, 1, " %");
        figures.Add($"{name}: bytes", $"{bytes.Length:N0}");
        figures.Add($"{name}: values added/s", Figures.Text(count / took.TotalSeconds));
        const int Merges = 10_000;
        since = Stopwatch.GetTimestamp();
        var sum = new Sketch();
        for (var n = 0; n < Merges; n++)
        {
            sum.Merge(SketchCodec.Read(bytes));
        }

        figures.Add($"{name}: read and merged/s", Figures.Text(Merges / Stopwatch.GetElapsedTime(since).TotalSeconds));
    }

    static double Exact(double[] sorted, int percent) => sorted[Math.Max(0, (int)Math.Ceiling(percent * sorted.Length / 100m) - 1)];

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
