using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

/// <summary>Instants are written as days and time of day after 1 May 2026.</summary>
public sealed class CountOutlookTests
{
    static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-11")]
    [Trait("Demand", "S4-12")]
    [Trait("Demand", "S4-13")]
    // One window since the first arrival, then an eighth of it.
    [InlineData("2/0 day",   "0.09:00",                      "0.23:00",             CountVerdict.Fine)]
    [InlineData("2/0 day",   "0.09:00",                      "1.08:59:59.9999999",  CountVerdict.Fine)]
    [InlineData("2/0 day",   "0.09:00",                      "1.09:00",             CountVerdict.Late)]
    [InlineData("2/0 day",   "0.09:00",                      "1.11:59:59.9999999",  CountVerdict.Late)]
    [InlineData("2/0 day",   "0.09:00",                      "1.12:00",             CountVerdict.TooFew)]
    [InlineData("1/0 hour",  "0.09:00",                      "0.10:07:29.9999999",  CountVerdict.Late)]
    [InlineData("1/0 hour",  "0.09:00",                      "0.10:07:30",          CountVerdict.TooFew)]
    [InlineData("1/0 month", "0.09:00",                      "30.08:59:59.9999999", CountVerdict.Fine)]
    [InlineData("1/0 month", "0.09:00",                      "34.02:59:59.9999999", CountVerdict.Late)]
    [InlineData("1/0 month", "0.09:00",                      "34.03:00",            CountVerdict.TooFew)]
    // The second newest leaves the window.
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.09:00",      "1.20:59:59.9999999",  CountVerdict.Fine)]
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.09:00",      "1.21:00",             CountVerdict.Late)]
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.09:00",      "1.23:59:59.9999999",  CountVerdict.Late)]
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.09:00",      "2.00:00",             CountVerdict.TooFew)]
    [InlineData("2/0 day",   "0.21:00 1.09:00 0.09:00",      "1.23:59:59.9999999",  CountVerdict.Late)]
    [InlineData("2/0 day",   "0.21:00 1.09:00 0.09:00",      "2.00:00",             CountVerdict.TooFew)]
    // One that comes after a long silence is not enough, two are.
    [InlineData("2/0 day",   "0.09:00 3.09:00",              "3.09:00",             CountVerdict.TooFew)]
    [InlineData("2/0 day",   "0.09:00 3.09:00 3.21:00",      "3.21:00",             CountVerdict.Fine)]
    [InlineData("2/0 day",   "0.09:00 3.09:00 3.21:00",      "4.12:00",             CountVerdict.TooFew)]
    // The variance.
    [InlineData("2/1 day",   "0.09:00 0.10:00",              "1.12:59:59.9999999",  CountVerdict.Late)]
    [InlineData("2/1 day",   "0.09:00 0.10:00",              "1.13:00",             CountVerdict.TooFew)]
    [InlineData("2/1 day",   "0.09:00 0.10:00 0.11:00",      "0.11:00",             CountVerdict.Fine)]
    [InlineData("1/1 day",   "0.09:00",                      "300.00:00",           CountVerdict.Fine)]
    [InlineData("1/2 day",   "0.09:00",                      "300.00:00",           CountVerdict.Fine)]
    // One more than the most within seven eighths of the window, until the oldest of them has left those.
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.05:59:59.999", "1.05:59:59.999",    CountVerdict.TooMany)]
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.05:59:59.999", "1.06:00",           CountVerdict.Fine)]
    [InlineData("2/0 day",   "0.09:00 0.21:00 1.06:00",      "1.06:00",             CountVerdict.Fine)]
    [InlineData("2/1 day",   "0.09:00 0.10:00 0.11:00 0.12:00", "0.12:00",          CountVerdict.TooMany)]
    [InlineData("1/0 hour",  "0.09:00 0.09:00",              "0.09:52:29.9999999",  CountVerdict.TooMany)]
    [InlineData("1/0 hour",  "0.09:00 0.09:00",              "0.09:52:30",          CountVerdict.Fine)]
    [InlineData("0/0 month", "0.09:00",                      "0.09:00",             CountVerdict.TooMany)]
    [InlineData("0/0 month", "0.09:00",                      "26.15:00",            CountVerdict.Fine)]
    [InlineData("2/0 day",   "",                             "300.00:00",           CountVerdict.New)]
    public void Verdict_at_an_instant(string schedule, string arrivals, string at, CountVerdict verdict) =>
        CountOutlook.At(Count(schedule), Record(Count(schedule), Arrivals.None, arrivals), At(at)).Verdict.ShouldBe(verdict);

    [Theory]
    [Trait("Demand", "S4-13")]
    [InlineData("2/0 day",  "0.09:00 0.21:02 1.09:02",         "2.00:02", "got 1 of 2±0 in the last 24 h, last 2 May 09:02, expected by 00:02")]
    [InlineData("2/0 day",  "0.09:00 0.21:02 1.09:02",         "2.12:00", "got 0 of 2±0 in the last 24 h, last 2 May 09:02, expected by 00:02")]
    [InlineData("2/0 day",  "0.09:00 0.10:00 0.11:00",         "0.11:00", "too many: got at least 3 of 2±0 in the last 24 h, last 11:00")]
    [InlineData("1/0 hour", "0.09:00",                         "0.10:08", "got 0 of 1±0 in the last 60 min, last 09:00, expected by 10:07")]
    [InlineData("1/0 month", "0.09:00",                        "35.00:00", "got 0 of 1±0 in the last 30 d, last 1 May 09:00, expected by 4 Jun 03:00")]
    public void Says_why(string schedule, string arrivals, string at, string reason)
    {
        var (count, recorded) = (Count(schedule), Record(Count(schedule), Arrivals.None, arrivals));

        CountOutlook.At(count, recorded, At(at)).Reason(count, recorded, At(at)).ShouldBe(reason);
    }

    /// <summary>A hundredth of the day and the hour of the clocks, once twenty have come as if by clockwork.</summary>
    [Fact]
    [Trait("Demand", "S4-10")]
    public void A_backup_twice_a_day_is_missed_soon_when_its_cron_stops()
    {
        var count = Count("2/0 day");
        var arrivals = Enumerable.Range(0, 20).Aggregate(Arrivals.None, (sum, n) => sum.Record(count, Start.AddHours(9 + (12 * n)).AddMinutes(2)));
        var last = arrivals.LastAt!.Value;

        var outlook = CountOutlook.At(count, arrivals, last);

        (outlook with { CrowdedUntil = null }).ShouldBe(new CountOutlook(CountVerdict.Fine, last.AddHours(12), last.AddHours(12).AddMinutes(74.4), null, last.AddHours(12).AddMinutes(74.4)));
        var missed = CountOutlook.At(count, arrivals, outlook.Deadline!.Value);
        missed.Verdict.ShouldBe(CountVerdict.TooFew);
        missed.Reason(count, arrivals, outlook.Deadline!.Value).ShouldBe("got 1 of 2±0 in the last 24 h, last 10 May 21:02, expected by 10:16");
    }

    /// <summary>The others go on, so the count stays one short until the gap has left the window.</summary>
    [Fact]
    [Trait("Demand", "S4-13")]
    public void One_that_is_missing_of_many_is_missed()
    {
        var count = Count("12/0 day");
        var arrivals = Enumerable.Range(0, 100).Where(n => n is not 90).Aggregate(Arrivals.None, (sum, n) => sum.Record(count, Start.AddHours(2 * n)));

        CountOutlook.At(count, arrivals, Start.AddHours(2 * 99)).Deadline.ShouldBe(Start.AddHours(2 * 90).AddMinutes(74.4));
        arrivals = Enumerable.Range(100, 3).Aggregate(arrivals, (sum, n) => sum.Record(count, Start.AddHours(2 * n)));
        CountOutlook.At(count, arrivals, Start.AddHours(2 * 102)).Verdict.ShouldBe(CountVerdict.Fine);
    }

    [Fact]
    public void A_changed_count_begins_anew()
    {
        var count = Count("2/0 day");
        var arrivals = Record(count, Arrivals.Since(count, At("5.00:00")), "4.23:59 5.09:00");

        arrivals.Heard.ShouldBe(1);
        CountOutlook.At(count, arrivals, At("6.00:00")).Deadline.ShouldBe(At("6.03:00"));
        CountOutlook.At(count, Arrivals.Since(count, At("5.00:00")), At("6.03:00")).Verdict.ShouldBe(CountVerdict.TooFew);
    }

    [Fact]
    [Trait("Demand", "S4-10")]
    public void Clocks_that_change_alarm_nobody()
    {
        var count = Count("1/0 day");
        var schedule = CronSchedule.Parse("30 9 * * *", "Europe/Berlin", TimeSpan.FromMinutes(1));
        var arrivals = Arrivals.None;
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var day = 0; day < 365; day++)
        {
            at = schedule.DueAfter(at)!.Value;
            CountOutlook.At(count, arrivals, at).Verdict.ShouldBeOneOf(CountVerdict.New, CountVerdict.Fine, CountVerdict.Late);
            arrivals = arrivals.Record(count, at);
            CountOutlook.At(count, arrivals, at).Verdict.ShouldBe(CountVerdict.Fine);
        }
    }

    static Arrivals Record(CountSchedule schedule, Arrivals arrivals, string instants) =>
        instants.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(arrivals, (sum, text) => sum.Record(schedule, At(text)));

    static DateTimeOffset At(string text) => Start + TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    static CountSchedule Count(string text)
    {
        var parts = text.Split('/', ' ');
        return new CountSchedule(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), CountSchedule.ParsePer(parts[2]));
    }
}
