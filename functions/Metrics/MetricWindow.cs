using Watchdesk.Hosting;

namespace Watchdesk.Metrics;

/// <summary>A time cut into steps, all whole minutes: what was asked for is snapped outward.</summary>
public sealed record MetricWindow(DateTimeOffset From, DateTimeOffset To, TimeSpan Step)
{
    public const int MaxSteps = 2000;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(400);
    const int DefaultSteps = 120;

    public int Steps => (int)Math.Ceiling((To - From) / Step);

    /// <param name="step">Null for about 120 steps.</param>
    /// <exception cref="InvalidRequestException">The text says which bound is broken.</exception>
    public static MetricWindow Of(DateTimeOffset from, DateTimeOffset to, TimeSpan? step)
    {
        if (to <= from || to - from > Longest)
        {
            throw new InvalidRequestException($"from must lie before to, at most {Longest.TotalDays:0} days.");
        }

        var (first, last) = (Floor(from), Ceiling(to));
        var wanted = step ?? TimeSpan.FromTicks((last - first).Ticks / DefaultSteps);
        if (wanted < TimeSpan.Zero || wanted > Longest)
        {
            throw new InvalidRequestException("step must be a duration d.hh:mm:ss of whole minutes.");
        }

        var window = new MetricWindow(first, last, TimeSpan.FromMinutes(Math.Max(1, Math.Ceiling(wanted.TotalMinutes))));
        return window.Steps <= MaxSteps ? window : throw new InvalidRequestException($"An answer has at most {MaxSteps} steps, not {window.Steps}: take a longer step.");
    }

    public static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    /// <summary>The same instant when it is a whole minute.</summary>
    public static DateTimeOffset Ceiling(DateTimeOffset at) => Floor(at) is var floor && floor == at ? floor : floor.AddMinutes(1);

    public int StepOf(DateTimeOffset minute) => (int)((minute - From) / Step);
}
