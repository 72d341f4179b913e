using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>The window in which arrivals are counted. It slides: it ends at every instant, not at midnight.</summary>
public enum CountPer : byte
{
    [JsonStringEnumMemberName("hour")]
    Hour,

    [JsonStringEnumMemberName("day")]
    Day,

    /// <summary>30 days of 24 hours.</summary>
    [JsonStringEnumMemberName("month")]
    Month,
}

/// <summary>So many arrivals within the last hour, day or month, at any time, give or take <paramref name="Variance"/>.</summary>
/// <param name="Count">From 0; with <paramref name="Variance"/> at most 4,000.</param>
public sealed record CountSchedule(int Count, int Variance, CountPer Per) : Schedule
{
    /// <summary>So many arrivals can be told apart from too many.</summary>
    public const int MostCounted = 4000;

    public int Count { get; } = Count is >= 0 and <= MostCounted
        ? Count
        : throw new ScheduleFormatException("count", $"{Count} is not a whole number from 0 to {MostCounted}.");

    public int Variance { get; } = Variance >= 0 && (long)Count + Variance <= MostCounted
        ? Variance
        : throw new ScheduleFormatException("variance", $"{Variance} is not a whole number from 0 on that makes at most {MostCounted} together with count.");

    /// <summary>Fewer are too few; at 0 and below nothing is owed.</summary>
    public int Least => Count - Variance;

    /// <summary>More are too many.</summary>
    public int Most => Count + Variance;

    public TimeSpan Window => Per switch
    {
        CountPer.Hour => TimeSpan.FromHours(1),
        CountPer.Day => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(30),
    };

    /// <summary>Between two arrivals if they come at equal distances; the window when none is expected.</summary>
    internal TimeSpan Spacing => Window / Math.Max(1, Count);

    /// <summary>
    /// How far regular arrivals shift without being late: a time of day by an hour when the clocks change, a day of the
    /// month by two since months have 28 to 31, and what comes more than once a week by less.
    /// </summary>
    internal TimeSpan CalendarShift => Per switch
    {
        CountPer.Hour => TimeSpan.Zero,
        CountPer.Day => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(Math.Min(2, Spacing.TotalDays / 3)),
    };

    /// <exception cref="ScheduleFormatException">It is not hour, day or month.</exception>
    public static CountPer ParsePer(string text) => text switch
    {
        "hour" => CountPer.Hour,
        "day" => CountPer.Day,
        "month" => CountPer.Month,
        _ => throw new ScheduleFormatException("per", $"{Durations.Quoted(text)} is not hour, day or month."),
    };

    public override string Describe() => $"{Amount} in any {Span}";

    /// <summary>For example "2±0".</summary>
    internal string Amount => $"{Count}±{Variance}";

    internal string Span => Per switch
    {
        CountPer.Hour => "60 min",
        CountPer.Day => "24 h",
        _ => "30 d",
    };

    internal string PerText => Per switch
    {
        CountPer.Hour => "hour",
        CountPer.Day => "day",
        _ => "month",
    };
}
