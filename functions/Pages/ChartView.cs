using System.Globalization;
using System.Text;
using Watchdesk.Metrics;

namespace Watchdesk.Pages;

/// <summary>One line of a chart.</summary>
/// <param name="Path">SVG path data; a gap in the values is a gap in the line.</param>
/// <param name="Dots">Values without a neighbour, which a line would not show.</param>
public sealed record ChartLine(string Name, string Path, IReadOnlyList<(double X, double Y)> Dots, double Last);

/// <summary>
/// Pure: a metric over a time as lines to draw, in a picture of <see cref="Width"/> × <see cref="Height"/> that is stretched to the page; the
/// texts of its axes are not in it, so that they keep their size.
/// </summary>
/// <param name="Left">From the lowest to the highest, evenly spaced.</param>
/// <param name="Bottom">From the first to the last time, evenly spaced.</param>
public sealed record ChartView(string Metric, MetricWindow Window, IReadOnlyList<ChartLine> Lines, IReadOnlyList<string> Left, IReadOnlyList<string> Bottom, string Description, long Count)
{
    public const int Width = 1000;
    public const int Height = 250;
    const int WantedTicks = 5;

    public static ChartView Of(MetricKey metric, MetricWindow window, IReadOnlyList<MetricStep> steps, IReadOnlyList<Aggregate> aggregates)
    {
        var values = aggregates.Select(aggregate => steps.Select(step => (step.At, Value: aggregate.Of(step.Sketch))).ToList()).ToList();
        var all = values.SelectMany(line => line.Select(point => point.Value)).ToList();
        var (least, greatest, tick) = all.Count == 0 ? (0, 1, 1) : Scale(all.Min(), all.Max());
        var lines = aggregates.Select((aggregate, n) => Line(aggregate, values[n], window, value => Y(value, least, greatest))).ToList();
        var left = Enumerable.Range(0, (int)Math.Round((greatest - least) / tick) + 1).Select(n => least + (n * tick)).Select(Number).ToList();
        var said = all.Count == 0 ? "No value in this time." : string.Join("; ", lines.Select((line, n) => $"{line.Name} last {Number(line.Last)}, between {Number(values[n].Min(point => point.Value))} and {Number(values[n].Max(point => point.Value))}"));
        return new ChartView(
            metric.ToString(), window, lines, left, Times(window), $"From {Say.Utc(window.From)} to {Say.Utc(window.To)}, a point for each {Say.Lasting(window.Step)}. {said}.", steps.Sum(step => step.Sketch.Count));
    }

    /// <summary>Short, with a unit prefix where it is large.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e15 or (> 0 and < 1e-3) => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    static ChartLine Line(Aggregate aggregate, List<(DateTimeOffset At, double Value)> values, MetricWindow window, Func<double, double> y)
    {
        var path = new StringBuilder();
        var dots = new List<(double, double)>();
        for (var n = 0; n < values.Count; n++)
        {
            var (x, height) = (X(values[n].At, window), y(values[n].Value));
            var follows = n > 0 && values[n].At - values[n - 1].At <= window.Step;
            var leads = n + 1 < values.Count && values[n + 1].At - values[n].At <= window.Step;
            if (!follows && !leads)
            {
                dots.Add((x, height));
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"{(follows ? 'L' : 'M')}{x:0.#} {height:0.#}");
            }
        }

        return new ChartLine(aggregate.ToString(), path.ToString(), dots, values.Count > 0 ? values[^1].Value : 0);
    }

    static double X(DateTimeOffset at, MetricWindow window) => (at - window.From) / (window.To - window.From) * Width;

    static double Y(double value, double least, double greatest) => Height - ((value - least) / (greatest - least) * Height);

    /// <summary>Round bounds around the values and a round step between ticks.</summary>
    static (double Least, double Greatest, double Tick) Scale(double least, double greatest)
    {
        if (least == greatest)
        {
            var room = least == 0 ? 1 : Math.Abs(least) / 2;
            (least, greatest) = (least - room, greatest + room);
        }

        var rough = (greatest - least) / WantedTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var tick = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var (bottom, top) = (Math.Floor(least / tick) * tick, Math.Ceiling(greatest / tick) * tick);
        return (bottom, top > bottom ? top : bottom + tick, tick);
    }

    static List<string> Times(MetricWindow window)
    {
        var range = window.To - window.From;
        var form = range <= TimeSpan.FromDays(1) ? "HH:mm" : "MM-dd HH:mm";
        return [.. Enumerable.Range(0, 5).Select(n => window.From + (range * n / 4)).Select(at => at.UtcDateTime.ToString(form, CultureInfo.InvariantCulture))];
    }
}
