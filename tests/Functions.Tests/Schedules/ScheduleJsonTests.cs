using System.Globalization;
using System.Text.Json;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

public sealed class ScheduleJsonTests
{
    static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-05-01T12:00Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("""{"period":"00:05:00","grace":"00:02:00"}""",   "every 5 min, grace 2 min")]
    [InlineData("""{"period":"00:05:00"}""",                      "every 5 min, grace 1 min")]
    [InlineData("""{"period":"01:30:00","grace":null}""",         "every 1 h 30 min, grace 18 min")]
    [InlineData("""{"period":"366.00:00:00"}""",                  "every 366 d, grace 1 h")]
    [InlineData("""{"cron":"0 9 * * 1-5"}""",                     "cron 0 9 * * 1-5 (UTC), grace 10 min")]
    [InlineData("""{"cron":"@daily","timeZone":"Etc/GMT+5"}""",   "cron @daily (Etc/GMT+5), grace 10 min")]
    [InlineData("""{"cron":"@daily","timeZone":"US/Eastern"}""",  "cron @daily (US/Eastern), grace 10 min")]
    [InlineData("""{"declared":true,"grace":"00:00:30"}""",       "at the declared next fire time, grace 30 s")]
    [InlineData("""{"count":2,"per":"day"}""",                    "2±0 in any 24 h")]
    [InlineData("""{"count":0,"variance":4000,"per":"hour"}""",   "0±4000 in any 60 min")]
    [InlineData("""{"count":3,"variance":1,"per":"month"}""",     "3±1 in any 30 d")]
    public void Reads_describes_and_writes(string json, string description)
    {
        var schedule = Schedule.Parse(json);

        schedule.Describe().ShouldBe(description);
        Schedule.Parse(schedule.ToText()).ShouldBe(schedule);
    }

    [Theory]
    [InlineData("""{"period":"00:05:00","grade":"00:02:00"}""", "schedule", "\"grade\" is not known")]
    [InlineData("""{"period":"00:05:00","period":"00:06:00"}""", "schedule", "period is given twice")]
    [InlineData("""{"period":"00:05:00","cron":"@daily"}""",    "schedule", "it has period, cron")]
    [InlineData("""{"grace":"00:05:00"}""",                     "schedule", "it has none")]
    [InlineData("""{"period":"5m"}""",                          "period",   "\"5m\" is not a duration")]
    [InlineData("""{"period":300}""",                           "period",   "is not a text")]
    [InlineData("""{"period":"00:00:00"}""",                    "period",   "is not between 00:00:01 and 366.00:00:00")]
    [InlineData("""{"period":"367.00:00:00"}""",                "period",   "is not between")]
    [InlineData("""{"period":"01:00:00","grace":"00:00:00"}""", "grace",    "is not between")]
    [InlineData("""{"period":"01:00:00","grace":"-00:05:00"}""", "grace",   "is not between")]
    [InlineData("""{"period":"01:00:00","timeZone":"UTC"}""",   "timeZone", "does not belong to a period schedule")]
    [InlineData("""{"cron":"0 25 * * *"}""",                    "cron",     "column 3: hour: 25")]
    [InlineData("""{"cron":"@daily","timeZone":"Moon"}""",      "timeZone", "\"Moon\"")]
    [InlineData("""{"declared":false}""",                       "declared", "can only be true")]
    [InlineData("""{"count":3}""",                              "per",      "is missing: say hour, day or month")]
    [InlineData("""{"count":3,"per":"week"}""",                 "per",      "\"week\" is not hour, day or month")]
    [InlineData("""{"count":-1,"per":"day"}""",                 "count",    "-1 is not a whole number from 0 to 4000")]
    [InlineData("""{"count":4001,"per":"day"}""",               "count",    "4001 is not a whole number from 0 to 4000")]
    [InlineData("""{"count":2.5,"per":"day"}""",                "count",    "is not a whole number")]
    [InlineData("""{"count":"2","per":"day"}""",                "count",    "is not a whole number")]
    [InlineData("""{"count":2,"variance":-1,"per":"day"}""",    "variance", "-1 is not a whole number from 0 on")]
    [InlineData("""{"count":4000,"variance":1,"per":"day"}""",  "variance", "at most 4000 together with count")]
    [InlineData("""{"count":2,"per":"day","grace":"00:05:00"}""", "grace",  "does not belong to a count schedule")]
    [InlineData("""{"period":"01:00:00","per":"day"}""",        "per",      "does not belong to a period schedule")]
    [InlineData("""[]""",                                       "schedule", "is not a JSON object")]
    [InlineData("""{"period":"\ud800"}""",                      "schedule", "half a character")]
    [InlineData("""{""",                                        "schedule", "is not JSON")]
    public void Refuses_by_name(string json, string field, string reason)
    {
        var error = Should.Throw<ScheduleFormatException>(() => Schedule.Parse(json));

        error.Field.ShouldBe(field);
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void A_period_is_due_after_the_last_arrival_and_overdue_after_grace()
    {
        var schedule = (TimedSchedule)Schedule.Parse("""{"period":"01:00:00","grace":"00:05:00"}""");

        schedule.DueAfter(Noon).ShouldBe(Noon.AddHours(1));
        schedule.DeadlineAfter(Noon).ShouldBe(Noon.AddMinutes(65));
    }

    [Fact]
    public void A_declaration_is_owed_until_an_arrival_at_or_after_it()
    {
        var schedule = (TimedSchedule)Schedule.Parse("""{"declared":true,"grace":"00:05:00"}""");

        schedule.DueAfter(Noon, Noon.AddMinutes(1)).ShouldBe(Noon.AddMinutes(1));
        schedule.DueAfter(Noon, Noon).ShouldBeNull();
        schedule.DeadlineAfter(Noon).ShouldBeNull();
    }

    [Fact]
    public void Far_future_declarations_do_not_overflow() =>
        new DeclaredSchedule(TimeSpan.FromDays(1)).DeadlineAfter(Noon, DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.MaxValue);

    [Fact]
    public void Cron_owes_nothing_at_the_end_of_time() =>
        CronSchedule.Parse("@hourly", "Pacific/Kiritimati", TimeSpan.FromHours(1)).DueAfter(DateTimeOffset.MaxValue).ShouldBeNull();

    [Fact]
    public void Budgets_read_bound_and_write()
    {
        var budgets = JsonSerializer.Deserialize("""{"tooLong":"02:00:00","tooShort":null}""", SchedulesJsonTestContext.Default.Budgets)!;

        budgets.ShouldBe(new Budgets(TooLong: TimeSpan.FromHours(2)));
        JsonSerializer.Serialize(budgets, SchedulesJsonTestContext.Default.Budgets).ShouldBe("""{"tooLong":"02:00:00"}""");
        Should.Throw<ScheduleFormatException>(() => JsonSerializer.Deserialize("""{"tooLate":"02:00:00"}""", SchedulesJsonTestContext.Default.Budgets))
            .Message.ShouldContain("tooLate");
        Should.Throw<ScheduleFormatException>(() => new Budgets(TooLong: TimeSpan.Zero)).Field.ShouldBe("tooLong");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Budgets))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Schedule))]
sealed partial class SchedulesJsonTestContext : System.Text.Json.Serialization.JsonSerializerContext;
