using System.Globalization;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Notices;

public sealed class DailyTimeTests
{
    [Theory]
    [InlineData("09:00", "UTC",              "2026-11-20T08:59:59Z", "2026-11-20T09:00:00Z")]
    [InlineData("09:00", "UTC",              "2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z")]
    [InlineData("00:00", "UTC",              "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    [InlineData("23:59", "UTC",              "2026-11-20T00:00:00Z", "2026-11-20T23:59:00Z")]
    [InlineData("09:00", "Europe/Berlin",    "2026-11-20T03:00:00Z", "2026-11-20T08:00:00Z")]
    [InlineData("09:00", "Asia/Kolkata",     "2026-11-20T03:30:00Z", "2026-11-21T03:30:00Z")]
    [InlineData("09:00", "Europe/Berlin",    "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z")]   // the day of 25 hours
    [InlineData("09:00", "Europe/Berlin",    "2027-03-27T08:00:00Z", "2027-03-28T07:00:00Z")]   // the day of 23 hours
    [InlineData("02:30", "Europe/Berlin",    "2027-03-27T12:00:00Z", "2027-03-28T01:00:00Z")]   // does not exist: right after the gap
    [InlineData("02:30", "Europe/Berlin",    "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]   // exists twice: the first
    [InlineData("02:30", "Europe/Berlin",    "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]   // and not the second
    [InlineData("09:00", "America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T14:00:00Z")]
    public void The_next_time_of_day(string at, string zone, string after, string expected) =>
        new DailyTime(at, zone).NextAfter(Time(after)).ShouldBe(Time(expected));

    [Theory]
    [InlineData("2026-11-20T09:00:00Z", "2026-11-21T08:59:59Z", null)]
    [InlineData("2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z")]
    [InlineData("2026-11-20T09:00:00Z", "2026-11-24T08:59:59Z", "2026-11-23T09:00:00Z")]
    [InlineData("2025-11-20T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z")]
    [InlineData("2026-11-20T09:00:00Z", "2026-11-19T09:00:00Z", null)]
    public void The_last_time_of_day_that_has_passed(string after, string now, string? expected) =>
        new DailyTime("09:00").LatestIn(Time(after), Time(now)).ShouldBe(expected is null ? null : Time(expected));

    [Theory]
    [InlineData("24:00", "UTC",         "at: is a time of day such as \"09:00\".")]
    [InlineData("9",     "UTC",         "at: is a time of day such as \"09:00\".")]
    [InlineData("09:00", "Middleearth", "timeZone: \"Middleearth\" is not an IANA time zone such as \"Europe/Berlin\".")]
    public void What_is_wrong_is_said(string at, string zone, string reason) =>
        Should.Throw<ScheduleFormatException>(() => new DailyTime(at, zone).Checked()).Message.ShouldBe(reason);

    static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
