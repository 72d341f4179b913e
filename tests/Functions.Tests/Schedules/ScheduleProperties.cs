using FsCheck;
using FsCheck.Fluent;
using NCrontab;
using NodaTime;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

public sealed class ScheduleProperties
{
    static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] ZoneIds = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia"];

    static readonly Gen<DateTimeOffset> Instants = Gen.Choose(0, 5 * 366 * 86_400).Select(seconds => Start.AddSeconds(seconds));

    static readonly Gen<TimeSpan> Spans = Gen.Choose(1, 366 * 86_400).Select(seconds => TimeSpan.FromSeconds(seconds));

    static readonly Gen<string> Crons =
        from second in Gen.Frequency((3, Gen.Constant("")), (1, Field(0, 59).Select(field => field + " ")))
        from minute in Field(0, 59)
        from hour in Field(0, 23)
        from day in Gen.Frequency((3, Gen.Constant("*")), (1, Field(1, 28)))
        from month in Gen.Frequency((3, Gen.Constant("*")), (1, Field(1, 12)))
        from weekday in Gen.Frequency((2, Gen.Constant("*")), (1, Field(0, 6)))
        select $"{second}{minute} {hour} {day} {month} {weekday}";

    static readonly Gen<TimedSchedule> Schedules =
        from grace in Spans
        from period in Spans
        from cron in Crons
        from zone in Gen.Elements(ZoneIds)
        from schedule in Gen.Elements<TimedSchedule>(new PeriodSchedule(period, grace), CronSchedule.Parse(cron, zone, grace), new DeclaredSchedule(grace))
        select schedule;

    [Fact]
    [Trait("Demand", "S0-1")]
    public void Due_is_after_the_last_arrival_and_never_goes_back() => Hold(
        from schedule in Schedules
        from first in Instants
        from later in Gen.Choose(0, 90_000)
        from declared in Gen.Choose(-90_000, 90_000)
        select (schedule, first, second: first.AddSeconds(later), declared: (DateTimeOffset?)first.AddSeconds(declared)),
        x =>
        {
            var (a, b) = (x.schedule.DueAfter(x.first, x.declared), x.schedule.DueAfter(x.second, x.declared));
            return (a is null || a > x.first) && (b is null || b > x.second) && (a is null || b is null || a <= b)
                && x.schedule.DeadlineAfter(x.first, x.declared) == a + x.schedule.Grace;
        });

    [Fact]
    public void The_text_of_a_schedule_reads_back_as_the_same() =>
        Hold(Schedules, schedule => Schedule.Parse(schedule.ToText()) == schedule && Schedule.Parse(schedule.ToText()).ToText() == schedule.ToText());

    [Fact]
    public void Cron_matches_in_local_time_unless_in_a_gap() => Hold(
        from cron in Crons
        from zone in Gen.Elements(ZoneIds)
        from last in Instants
        select (cron, zone, last),
        x =>
        {
            var schedule = CronSchedule.Parse(x.cron, x.zone, TimeSpan.FromMinutes(5));
            var due = schedule.DueAfter(x.last)!.Value;
            var local = Instant.FromDateTimeOffset(due).InZone(schedule.Zone).LocalDateTime;
            var endsGap = schedule.Zone.GetZoneInterval(Instant.FromDateTimeOffset(due)) is { HasStart: true } interval && interval.Start.ToDateTimeOffset() == due;
            return schedule.Cron.NextAfter(local.PlusSeconds(-1)) == local || endsGap;
        });

    /// <summary>
    /// The library that Functions itself uses is the oracle, from the last second of a minute on: from another one it keeps a
    /// later second when the minute rolls over. With five fields it takes both days together, so those are not compared.
    /// </summary>
    [Fact]
    public void Cron_agrees_with_NCrontab() => Hold(
        from cron in Crons
        from last in Instants
        select (cron, last: last.AddSeconds(59 - last.Second)),
        x =>
        {
            var fields = x.cron.Split(' ');
            if (fields.Length == 5 && fields[2][0] != '*' && fields[4][0] != '*')
            {
                return true;
            }

            var oracle = CrontabSchedule.Parse(x.cron, new CrontabSchedule.ParseOptions { IncludingSeconds = fields.Length == 6 });
            return CronSchedule.Parse(x.cron, "UTC", TimeSpan.FromMinutes(5)).DueAfter(x.last)!.Value.UtcDateTime == oracle.GetNextOccurrence(x.last.UtcDateTime);
        });

    [Fact]
    public void Durations_read_back_and_are_said_in_words() => Hold(Spans, span =>
        Durations.Parse("x", span.ToString("c")) == span && Durations.Say(span).Length is > 2 and < 20);

    [Fact]
    [Trait("Demand", "S3-26")]
    public void Anything_else_is_refused_with_a_reason()
    {
        var random = new Random(20260501);
        string[] seeds = ["""{"period":"00:05:00","grace":"1.00:00:00"}""", """{"cron":"*/5 1-7/2 L MON ?","timeZone":"Europe/Berlin"}""", """{"declared":true}""", "0,30 2 29 FEB sat-sun"];
        const string alphabet = "0123456789*/-,:.{}[]\"\\ \t\n@LW#?JANMONdclarepiot\ud800\u0000é";
        for (var i = 0; i < TestScale.Of(100_000); i++)
        {
            var text = seeds[i % seeds.Length].ToCharArray().ToList();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Count);
                text[at] = alphabet[random.Next(alphabet.Length)];
                text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                text.RemoveRange(random.Next(text.Count - 2), random.Next(3));
            }

            var mutant = new string([.. text]);
            Refuses(() => Schedule.Parse(mutant));
            Refuses(() => CronSchedule.Parse(mutant, mutant, TimeSpan.FromSeconds(1)));
            Crontab.Parse($"{mutant}\n* * * * * {mutant}");
        }
    }

    static void Refuses(Func<Schedule> parse)
    {
        try
        {
            (parse() as TimedSchedule)?.DueAfter(Start);
        }
        catch (ScheduleFormatException error)
        {
            error.Message.Length.ShouldBeInRange(10, 400);
        }
    }

    static Gen<string> Field(int min, int max) => Gen.OneOf(
        Gen.Constant("*"),
        Gen.Choose(min, max).Select(value => $"{value}"),
        Gen.Choose(1, max).Select(step => $"*/{step}"),
        from low in Gen.Choose(min, max)
        from high in Gen.Choose(low, max)
        from step in Gen.Choose(1, 9)
        from other in Gen.Choose(min, max)
        select $"{low}-{high}/{step},{other}");

    static void Hold<T>(Gen<T> values, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Of(10_000)), Prop.ForAll(values.ToArbitrary(), property));
}
