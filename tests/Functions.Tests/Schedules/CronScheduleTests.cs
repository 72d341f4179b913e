using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

public sealed class CronScheduleTests
{
    // Spring: 02:00-03:00 does not exist in Berlin and New York; Lord Howe moves by 30 min, 02:00-02:30 does not exist.
    [Theory]
    [Trait("Demand", "S0-1")]
    [InlineData("30 2 * * *",     "Europe/Berlin",       "2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00")]
    [InlineData("30 2 * * *",     "Europe/Berlin",       "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00")]
    [InlineData("0,30 2 * * *",   "Europe/Berlin",       "2026-03-29T01:59+01:00", "2026-03-29T03:00+02:00")]
    [InlineData("0 3 * * *",      "Europe/Berlin",       "2026-03-28T03:00+01:00", "2026-03-29T03:00+02:00")]
    [InlineData("*/10 * * * *",   "Europe/Berlin",       "2026-03-29T01:50+01:00", "2026-03-29T03:00+02:00")]
    [InlineData("30 * * * *",     "Europe/Berlin",       "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00")]
    [InlineData("*/30 2 * * *",   "Europe/Berlin",       "2026-03-28T02:30+01:00", "2026-03-30T02:00+02:00")]
    [InlineData("30 2 * * *",     "America/New_York",    "2026-03-07T02:30-05:00", "2026-03-08T03:00-04:00")]
    [InlineData("30 2 * * *",     "America/New_York",    "2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00")]
    [InlineData("15 * * * *",     "America/New_York",    "2026-03-08T01:15-05:00", "2026-03-08T03:15-04:00")]
    [InlineData("15 2 * * *",     "Australia/Lord_Howe", "2026-10-03T02:15+10:30", "2026-10-04T02:30+11:00")]
    [InlineData("15 2 * * *",     "Australia/Lord_Howe", "2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00")]
    [InlineData("45 2 * * *",     "Australia/Lord_Howe", "2026-10-03T02:45+10:30", "2026-10-04T02:45+11:00")]
    [InlineData("*/15 * * * *",   "Australia/Lord_Howe", "2026-10-04T01:45+10:30", "2026-10-04T02:30+11:00")]
    public void Fires_after_the_gap_when_the_clocks_go_forward(string cron, string zone, string last, string due) => Check(cron, zone, last, due);

    // Autumn: 02:00-03:00 exists twice in Berlin, 01:00-02:00 in New York, 01:30-02:00 in Lord Howe.
    [Theory]
    [Trait("Demand", "S0-1")]
    [InlineData("30 2 * * *",     "Europe/Berlin",       "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00")]
    [InlineData("30 2 * * *",     "Europe/Berlin",       "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00")]
    [InlineData("30 2 * * *",     "Europe/Berlin",       "2026-10-25T02:10+01:00", "2026-10-26T02:30+01:00")]
    [InlineData("0 3 * * *",      "Europe/Berlin",       "2026-10-25T02:30+02:00", "2026-10-25T03:00+01:00")]
    [InlineData("30 * * * *",     "Europe/Berlin",       "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00")]
    [InlineData("30 * * * *",     "Europe/Berlin",       "2026-10-25T02:30+01:00", "2026-10-25T03:30+01:00")]
    [InlineData("*/20 * * * *",   "Europe/Berlin",       "2026-10-25T02:40+02:00", "2026-10-25T02:00+01:00")]
    [InlineData("30 1 * * *",     "America/New_York",    "2026-10-31T01:30-04:00", "2026-11-01T01:30-04:00")]
    [InlineData("30 1 * * *",     "America/New_York",    "2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00")]
    [InlineData("0 * * * *",      "America/New_York",    "2026-11-01T01:00-04:00", "2026-11-01T01:00-05:00")]
    [InlineData("45 1 * * *",     "Australia/Lord_Howe", "2026-04-04T01:45+11:00", "2026-04-05T01:45+11:00")]
    [InlineData("45 1 * * *",     "Australia/Lord_Howe", "2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30")]
    [InlineData("45 * * * *",     "Australia/Lord_Howe", "2026-04-05T01:45+11:00", "2026-04-05T01:45+10:30")]
    [InlineData("15 * * * *",     "Australia/Lord_Howe", "2026-04-05T01:15+11:00", "2026-04-05T02:15+10:30")]
    public void Fires_once_or_follows_the_clock_when_the_clocks_go_back(string cron, string zone, string last, string due) => Check(cron, zone, last, due);

    [Theory]
    [InlineData("0 9 * * *",         "UTC",           "2026-01-01T09:00Z",    "2026-01-02T09:00Z")]
    [InlineData("0 9 * * *",         "UTC",           "2026-01-01T08:59:59Z", "2026-01-01T09:00Z")]
    [InlineData("0 9 * * *",         "Asia/Kolkata",  "2026-01-01T03:29Z",    "2026-01-01T03:30Z")]
    [InlineData("0 0 31 * *",        "UTC",           "2026-01-31T00:00Z",    "2026-03-31T00:00Z")]
    [InlineData("0 0 30 4 *",        "UTC",           "2026-01-31T00:00Z",    "2026-04-30T00:00Z")]
    [InlineData("0 0 29 2 *",        "UTC",           "2026-01-01T00:00Z",    "2028-02-29T00:00Z")]
    [InlineData("0 0 29 2 *",        "UTC",           "2096-02-29T00:00Z",    "2104-02-29T00:00Z")]
    [InlineData("59 23 31 12 *",     "UTC",           "2026-12-31T23:59Z",    "2027-12-31T23:59Z")]
    [InlineData("0 12 * * MON-FRI",  "UTC",           "2026-01-02T12:00Z",    "2026-01-05T12:00Z")]
    [InlineData("0 12 * * 5-7",      "UTC",           "2026-01-03T12:00Z",    "2026-01-04T12:00Z")]
    [InlineData("0 12 * * SAT-SUN",  "UTC",           "2026-01-03T12:00Z",    "2026-01-04T12:00Z")]
    [InlineData("0 12 * * 7",        "UTC",           "2026-01-01T12:00Z",    "2026-01-04T12:00Z")]
    [InlineData("0 0 13 * FRI",      "UTC",           "2026-01-01T00:00Z",    "2026-01-02T00:00Z")]
    [InlineData("0 0 13 * FRI",      "UTC",           "2026-01-09T00:00Z",    "2026-01-13T00:00Z")]
    [InlineData("0 0 0 13 * FRI",    "UTC",           "2026-01-01T00:00Z",    "2026-02-13T00:00Z")]
    [InlineData("0 0 */2 * MON",     "UTC",           "2026-01-01T00:00Z",    "2026-01-05T00:00Z")]
    [InlineData("0 0 1 jan,Jul *",   "UTC",           "2026-01-01T00:00Z",    "2026-07-01T00:00Z")]
    [InlineData("5/20 * * * *",      "UTC",           "2026-01-01T00:06Z",    "2026-01-01T00:25Z")]
    [InlineData("10-20/5 * * * *",   "UTC",           "2026-01-01T00:20Z",    "2026-01-01T01:10Z")]
    [InlineData("*/10 * * * * *",    "UTC",           "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z")]
    [InlineData("30 0 12 * * *",     "UTC",           "2026-01-01T12:00:30Z", "2026-01-02T12:00:30Z")]
    [InlineData("@hourly",           "UTC",           "2026-01-01T00:00:01Z", "2026-01-01T01:00Z")]
    [InlineData("@Daily",            "Europe/Berlin", "2026-01-01T00:00Z",    "2026-01-01T23:00Z")]
    [InlineData("@weekly",           "UTC",           "2026-01-01T00:00Z",    "2026-01-04T00:00Z")]
    [InlineData("@monthly",          "UTC",           "2026-01-01T00:00Z",    "2026-02-01T00:00Z")]
    [InlineData("@yearly",           "UTC",           "2026-01-01T00:00Z",    "2027-01-01T00:00Z")]
    [InlineData("\t0  9 * *  * ",    "UTC",           "2026-01-01T00:00Z",    "2026-01-01T09:00Z")]
    public void Fires_next_at(string cron, string zone, string last, string due) => Check(cron, zone, last, due);

    [Theory]
    [InlineData("",                  1,  "has 0 fields")]
    [InlineData("* * * *",           8,  "has 4 fields")]
    [InlineData("* * * * * * 2026",  13, "has 7 fields")]
    [InlineData("60 * * * *",        1,  "minute: 60 is not between 0 and 59")]
    [InlineData("0 1,24 * * *",      5,  "hour: 24 is not between 0 and 23")]
    [InlineData("0 0 0 * *",         5,  "day: 0 is not between 1 and 31")]
    [InlineData("0 0 1 13 *",        7,  "month: 13 is not between 1 and 12")]
    [InlineData("0 0 * * 8",         9,  "weekday: 8 is not between 0 and 7")]
    [InlineData("0 0 * * MONDAY",    9,  "\"MONDAY\" is not a number or name")]
    [InlineData("0 22-2 * * *",      3,  "22-2 runs backwards")]
    [InlineData("0 0 * * FRI-MON",   9,  "FRI-MON runs backwards")]
    [InlineData("*/0 * * * *",       3,  "\"0\" is not a step")]
    [InlineData("*/x * * * *",       3,  "\"x\" is not a step")]
    [InlineData("1,, * * * *",       3,  "a value is missing")]
    [InlineData("0 0 ? * MON",       5,  "Quartz")]
    [InlineData("-5 * * * *",        1,  "a value is missing")]
    [InlineData("0 0 30 2 *",        5,  "there is no such day")]
    [InlineData("@reboot",           1,  "is none of @hourly")]
    public void Says_where_an_expression_is_wrong(string cron, int column, string reason)
    {
        var error = Should.Throw<ScheduleFormatException>(() => CronExpression.Parse(cron));

        error.Field.ShouldBe("cron");
        error.Column.ShouldBe(column);
        error.Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("europe/berlin",           "Did you mean \"Europe/Berlin\"?")]
    [InlineData("W. Europe Standard Time", "Did you mean \"Europe/Berlin\"?")]
    [InlineData("Mars/Olympus",            "is not an IANA time zone such as")]
    public void Suggests_the_zone_that_was_meant(string zone, string reason) =>
        Should.Throw<ScheduleFormatException>(() => CronSchedule.FindZone(zone)).Message.ShouldContain(reason);

    static void Check(string cron, string zone, string last, string due) =>
        CronSchedule.Parse(cron, zone, TimeSpan.FromMinutes(5)).DueAfter(At(last)).ShouldBe(At(due));

    static DateTimeOffset At(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture);
}
