using System.Globalization;
using NodaTime;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

sealed record SimulatedYear(CountSchedule Schedule, int Judged, int Faults, IReadOnlyList<string> FalseAlarms, IReadOnlyList<string> Unfound);

enum FaultKind
{
    Miss,
    Outage,
    Flood,
}

/// <param name="From">When the first arrival that is missing or too much was to come.</param>
sealed record Fault(FaultKind Kind, DateTimeOffset From, DateTimeOffset To);

/// <summary>
/// Something that comes N times per window at equal distances by the clocks of a zone, each time off by its jitter, with
/// faults far enough from each other: one is left out, all are for a while, or twice as many come.
/// </summary>
sealed class SimulatedSeries(CountSchedule schedule, DateTimeZone zone, Func<Random, double> jitter, double jitterShare, int seed)
{
    static readonly LocalDate FirstDay = new(2026, 1, 1);
    static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"];
    static readonly (int Count, CountPer Per)[] Shapes =
    [
        (1, CountPer.Hour), (2, CountPer.Hour), (4, CountPer.Hour), (12, CountPer.Hour),
        (1, CountPer.Day), (1, CountPer.Day), (2, CountPer.Day), (2, CountPer.Day), (3, CountPer.Day), (4, CountPer.Day), (6, CountPer.Day), (8, CountPer.Day), (12, CountPer.Day),
        (2, CountPer.Month), (4, CountPer.Month), (10, CountPer.Month), (30, CountPer.Month),
    ];

    /// <summary>Up to so much of the distance between two; more than an eighth of the window cannot be forgiven at any setting.</summary>
    static readonly double[] JitterShares = [0, 0.01, 0.05, 0.1, 0.15];

    readonly Random _random = new(seed);
    readonly TimeSpan _spacing = schedule.Window / schedule.Count;
    readonly List<Fault> _faults = [];

    public static SimulatedSeries Of(int number, bool isBounded)
    {
        var (count, per) = Shapes[number % Shapes.Length];
        var share = Math.Min(JitterShares[number % JitterShares.Length], count / 8.0 * 0.9);
        Func<Random, double> jitter = isBounded
            ? random => (random.NextDouble() * 2) - 1
            : random => Math.Clamp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) / 2, -3, 3);
        return new SimulatedSeries(new CountSchedule(count, 0, per), DateTimeZoneProviders.Tzdb[Zones[number % Zones.Length]], jitter, share, 20260501 + number);
    }

    public SimulatedYear Run()
    {
        var regular = Regular();
        var learned = regular[Math.Min(Math.Max(2 * Arrivals.ToLearn, schedule.Count) + 1, regular.Count / 2)];
        var arrivals = WithFaults(regular, learned);
        var (state, alarms, judged) = (Arrivals.None, new List<Alarm>(), 0);
        foreach (var at in arrivals)
        {
            if (CountOutlook.At(schedule, state, at) is { Verdict: CountVerdict.TooFew, Deadline: { } deadline })
            {
                Raise(alarms, new Alarm(CountVerdict.TooFew, deadline, at));
            }

            state = state.Record(schedule, at);
            judged += at > learned ? 1 : 0;
            if (CountOutlook.At(schedule, state, at) is { Verdict: CountVerdict.TooMany, CrowdedUntil: { } until })
            {
                Raise(alarms, new Alarm(CountVerdict.TooMany, at, until));
            }
        }

        return new SimulatedYear(
            schedule, judged, _faults.Count,
            [.. alarms.Where(alarm => alarm.From > learned && !_faults.Exists(fault => Explains(fault, alarm))).Select(alarm => $"{Name()}: {alarm}")],
            [.. _faults.Where(fault => !alarms.Exists(alarm => Finds(fault, alarm))).Select(fault => $"{Name()}: {fault}")]);
    }

    /// <summary>By local time when there is one a day or more seldom, by the instant otherwise.</summary>
    List<DateTimeOffset> Regular()
    {
        var regular = new List<DateTimeOffset>();
        var end = FirstDay.PlusYears(1).AtMidnight();
        var phase = (long)(_random.NextDouble() * _spacing.TotalMilliseconds);
        for (var n = 0L; ; n++)
        {
            var local = FirstDay.AtMidnight().PlusMilliseconds(phase + (long)(n * _spacing.TotalMilliseconds));
            if (local > end)
            {
                return regular;
            }

            var instant = schedule.Per == CountPer.Hour ? local.InUtc().ToInstant() : local.InZoneLeniently(zone).ToInstant();
            regular.Add(instant.ToDateTimeOffset() + (_spacing * (jitterShare * jitter(_random))));
        }
    }

    List<DateTimeOffset> WithFaults(List<DateTimeOffset> regular, DateTimeOffset learned)
    {
        var kept = new List<DateTimeOffset>();
        var next = learned + (schedule.Window * (1.5 + _random.NextDouble()));
        var silentUntil = DateTimeOffset.MinValue;
        var floodUntil = DateTimeOffset.MinValue;
        var last = regular[^1] - (schedule.Window * 2);
        foreach (var at in regular)
        {
            if (at >= next && at < last)
            {
                var kind = (FaultKind)(_faults.Count % 3);
                var to = kind == FaultKind.Miss ? at : at + (schedule.Window * (1 + _random.NextDouble()));
                silentUntil = kind == FaultKind.Flood ? silentUntil : to;
                floodUntil = kind == FaultKind.Flood ? to : floodUntil;
                _faults.Add(new Fault(kind, at, to));
                next = to + (schedule.Window * (4 + (20 * _random.NextDouble())));
            }

            if (at > silentUntil)
            {
                kept.Add(at);
            }

            if (at <= floodUntil)
            {
                kept.Add(at + (_spacing / 2));
            }
        }

        kept.Sort();
        return kept;
    }

    static void Raise(List<Alarm> alarms, Alarm alarm)
    {
        if (alarms.Count > 0 && alarms[^1].Verdict == alarm.Verdict && alarms[^1].To >= alarm.From)
        {
            alarms[^1] = alarms[^1] with { To = alarm.To > alarms[^1].To ? alarm.To : alarms[^1].To };
            return;
        }

        alarms.Add(alarm);
    }

    /// <summary>What a fault leaves in the window is gone one window and the widest tolerance later.</summary>
    bool Explains(Fault fault, Alarm alarm) =>
        alarm.Verdict == Expected(fault) && alarm.From >= fault.From - _spacing && alarm.From <= fault.To + (schedule.Window * 1.25) + _spacing;

    /// <summary>A miss is found within the widest tolerance, an hour for the clocks and its own jitter, a flood within one window.</summary>
    bool Finds(Fault fault, Alarm alarm)
    {
        var within = fault.Kind == FaultKind.Flood ? schedule.Window : (schedule.Window / 4) + TimeSpan.FromHours(1) + (_spacing * jitterShare * 6);
        return alarm.Verdict == Expected(fault) && alarm.To >= fault.From && alarm.From <= fault.From + within;
    }

    static CountVerdict Expected(Fault fault) => fault.Kind == FaultKind.Flood ? CountVerdict.TooMany : CountVerdict.TooFew;

    string Name() => string.Create(CultureInfo.InvariantCulture, $"#{seed} {schedule.Describe()}, {zone.Id}, jitter {jitterShare:P0} of {_spacing}");

    sealed record Alarm(CountVerdict Verdict, DateTimeOffset From, DateTimeOffset To);
}
