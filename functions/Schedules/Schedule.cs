using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>What is owed and when; parsed once, without a clock of its own.</summary>
[JsonConverter(typeof(ScheduleJson))]
public abstract record Schedule
{
    /// <summary>A phrase for people, for example "every 5 min, grace 1 min".</summary>
    public abstract string Describe();

    /// <summary>The JSON form, for a row; <see cref="Parse"/> reads it back.</summary>
    public string ToText() => ScheduleJson.ToText(this);

    /// <exception cref="ScheduleFormatException">The text is not a schedule.</exception>
    public static Schedule Parse(string json) => ScheduleJson.Parse(json);
}

/// <summary>A schedule that knows when the next arrival is expected, whatever came before the last one.</summary>
/// <param name="Grace">How late it may be before it is overdue, 1 s to 366 d.</param>
public abstract record TimedSchedule(TimeSpan Grace) : Schedule
{
    public TimeSpan Grace { get; } = Durations.Checked("grace", Grace);

    /// <summary>When the next arrival is expected, always after <paramref name="lastArrival"/>; null when nothing is owed.</summary>
    /// <param name="declaredNext">The next fire time as the sender declared it last; only a declared schedule looks at it.</param>
    public abstract DateTimeOffset? DueAfter(DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null);

    /// <summary>When it is overdue: due plus grace; null when nothing is owed.</summary>
    public DateTimeOffset? DeadlineAfter(DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null) =>
        DueAfter(lastArrival, declaredNext) is { } due ? Durations.Add(due, Grace) : null;
}

/// <summary>An arrival at least every <paramref name="Period"/>, 1 s to 366 d.</summary>
public sealed record PeriodSchedule(TimeSpan Period, TimeSpan Grace) : TimedSchedule(Grace)
{
    public TimeSpan Period { get; } = Durations.Checked("period", Period);

    /// <summary>A fifth of the period, at least 1 min and at most 1 h.</summary>
    public static TimeSpan DefaultGrace(TimeSpan period) =>
        TimeSpan.FromSeconds(Math.Clamp(Math.Round(period.TotalSeconds / 5), 60, 3600));

    public override DateTimeOffset? DueAfter(DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null) => Durations.Add(lastArrival, Period);

    public override string Describe() => $"every {Durations.Say(Period)}, grace {Durations.Say(Grace)}";
}

/// <summary>An arrival at the next fire time that the sender itself declared, for example Quartz.</summary>
public sealed record DeclaredSchedule(TimeSpan Grace) : TimedSchedule(Grace)
{
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromMinutes(10);

    /// <summary>A declaration at or before the last arrival has been kept, so nothing is owed until the next one.</summary>
    public override DateTimeOffset? DueAfter(DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null) =>
        declaredNext > lastArrival ? declaredNext : null;

    public override string Describe() => $"at the declared next fire time, grace {Durations.Say(Grace)}";
}
