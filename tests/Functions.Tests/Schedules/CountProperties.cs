using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

/// <summary>Arrivals in almost any order: mostly about as far apart as they should be, some early, some together, some after long silence.</summary>
public sealed class CountProperties
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly Gen<CountSchedule> Schedules =
        from count in Gen.Choose(0, 9)
        from variance in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(0, 4)))
        from per in Gen.Elements(CountPer.Hour, CountPer.Day, CountPer.Month)
        select new CountSchedule(count, variance, per);

    static readonly Gen<(CountSchedule Schedule, DateTimeOffset[] At)> Histories =
        from schedule in Schedules
        let spacing = schedule.Window / Math.Max(1, schedule.Count)
        from steps in Gen.Frequency(
            (6, Gen.Choose(90, 110)),
            (2, Gen.Choose(0, 300)),
            (1, Gen.Constant(0)),
            (1, Gen.Choose(-300, 0)),
            (1, Gen.Choose(300, 3000))).ArrayOf(60)
        from length in Gen.Choose(1, 60)
        select (schedule, Instants(spacing, steps.AsSpan(0, length)));

    [Fact]
    [Trait("Demand", "S4-13")]
    public void More_arrivals_never_make_a_count_overdue_sooner() => Hold(Histories, history =>
    {
        var arrivals = Arrivals.None;
        DateTimeOffset? before = null;
        foreach (var at in history.At)
        {
            arrivals = arrivals.Record(history.Schedule, at);
            var deadline = CountOutlook.At(history.Schedule, arrivals, at).Deadline;
            if (history.Schedule.Least > 0 ? deadline is null || deadline < before : deadline is not null)
            {
                return false;
            }

            before = deadline;
        }

        return true;
    });

    [Fact]
    public void A_deadline_lies_after_the_arrival_that_makes_a_window_full() => Hold(Histories, history =>
    {
        var arrivals = Record(history);
        var last = arrivals.LastAt!.Value;
        return history.At.Count(at => at > last - history.Schedule.Window) < history.Schedule.Least
            || CountOutlook.At(history.Schedule, arrivals, last).Deadline is null
            || CountOutlook.At(history.Schedule, arrivals, last).Deadline > last;
    });

    [Fact]
    [Trait("Demand", "S4-13")]
    public void There_are_too_few_at_the_deadline_and_not_before() => Hold(Histories, history =>
    {
        var arrivals = Record(history);
        var deadline = CountOutlook.At(history.Schedule, arrivals, arrivals.LastAt!.Value).Deadline;
        return deadline is null || deadline <= arrivals.LastAt
            || (CountOutlook.At(history.Schedule, arrivals, deadline.Value).Verdict == CountVerdict.TooFew
                && CountOutlook.At(history.Schedule, arrivals, deadline.Value.AddTicks(-1)).Verdict != CountVerdict.TooFew);
    });

    /// <summary>Counted by hand in the plain window: the tolerance only ever forgives.</summary>
    [Fact]
    [Trait("Demand", "S4-13")]
    public void The_verdict_agrees_with_counting() => Hold(
        from history in Histories
        from later in Gen.Choose(0, 2000)
        select (history.Schedule, history.At, later),
        x =>
        {
            var arrivals = Record((x.Schedule, x.At));
            var now = arrivals.LastAt!.Value + (x.Schedule.Window / 1000 * x.later);
            var counted = x.At.Count(at => at > now - x.Schedule.Window);
            var isSettled = now >= x.At[0] + x.Schedule.Window;
            return CountOutlook.At(x.Schedule, arrivals, now).Verdict switch
            {
                CountVerdict.TooMany => counted > x.Schedule.Most,
                CountVerdict.TooFew or CountVerdict.Late => counted < x.Schedule.Least && isSettled,
                CountVerdict.Fine => !isSettled || counted >= x.Schedule.Least,
                _ => false,
            };
        });

    [Fact]
    public void Time_alone_changes_nothing_before_the_next_look() => Hold(Histories, history =>
    {
        var arrivals = Record(history);
        var last = arrivals.LastAt!.Value;
        var outlook = CountOutlook.At(history.Schedule, arrivals, last);
        var before = (outlook.NextLook ?? last.AddYears(2)).AddTicks(-1);
        return IsBad(CountOutlook.At(history.Schedule, arrivals, before)) == IsBad(outlook)
            && CountOutlook.At(history.Schedule, arrivals, before).NextLook == outlook.NextLook;
    });

    [Fact]
    public void What_is_remembered_is_bounded_and_reads_back_as_the_same() => Hold(Histories, history =>
    {
        var arrivals = Record(history);
        var bytes = ArrivalsCodec.Write(arrivals);
        var read = ArrivalsCodec.Read(bytes);
        return arrivals.Newest.Count <= history.Schedule.Most + 1
            && arrivals.Newest.SequenceEqual(history.At.Select(at => at.ToUnixTimeMilliseconds()).OrderDescending().Take(history.Schedule.Most + 1))
            && ArrivalsCodec.Write(read).SequenceEqual(bytes)
            && CountOutlook.At(history.Schedule, read, history.At[^1]) == CountOutlook.At(history.Schedule, arrivals, history.At[^1])
            && read.Record(history.Schedule, history.At[^1]).OwedBy == arrivals.Record(history.Schedule, history.At[^1]).OwedBy;
    });

    [Fact]
    public void Four_thousand_arrivals_fit_a_property()
    {
        var schedule = new CountSchedule(4000, 0, CountPer.Month);
        var arrivals = Enumerable.Range(0, 4500).Aggregate(Arrivals.None, (sum, n) => sum.Record(schedule, Start.AddMinutes(n * 10.8)));

        arrivals.Newest.Count.ShouldBe(4001);
        ArrivalsCodec.Write(arrivals).Length.ShouldBeLessThan(33_000);
    }

    [Fact]
    public void The_percentile_is_at_most_a_band_too_high() => Hold(Gen.Choose(0, 17_000).ArrayOf().Where(values => values.Length > 0), values =>
    {
        var window = TimeSpan.FromSeconds(100_000);
        var late = values.Aggregate(Lateness.None, (sum, value) => sum.Add(TimeSpan.FromSeconds(value), window)).P95(window).TotalSeconds;
        var exact = values.Order().ElementAt(Lateness.Rank(values.Length) - 1);
        return late >= Math.Min(exact, 16_666) - 1e-6 && late <= Math.Max(exact, 666.7) * 1.11;
    });

    static bool IsBad(CountOutlook outlook) => outlook.Verdict is CountVerdict.TooFew or CountVerdict.TooMany;

    static Arrivals Record((CountSchedule Schedule, DateTimeOffset[] At) history) =>
        history.At.Aggregate(Arrivals.None, (sum, at) => sum.Record(history.Schedule, at));

    static DateTimeOffset[] Instants(TimeSpan spacing, ReadOnlySpan<int> percents)
    {
        var at = Start;
        var instants = new List<DateTimeOffset>();
        foreach (var percent in percents)
        {
            at = percent < 0 ? at : at + (spacing / 100 * percent);
            instants.Add((percent < 0 ? at + (spacing / 100 * percent) : at).ToUniversalTime());
        }

        return [.. instants.Select(instant => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()))];
    }

    static void Hold<T>(Gen<T> values, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Of(10_000)), Prop.ForAll(values.ToArbitrary(), property));
}
