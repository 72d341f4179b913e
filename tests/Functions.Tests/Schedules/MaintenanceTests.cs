using System.Globalization;
using System.Text.Json;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

public sealed class MaintenanceTests
{
    [Theory]
    [InlineData("Sun 02:00-04:00", "UTC",           "2026-05-03T01:59:59.999Z", null)]
    [InlineData("Sun 02:00-04:00", "UTC",           "2026-05-03T02:00:00Z",     "2026-05-03T04:00:00Z")]
    [InlineData("Sun 02:00-04:00", "UTC",           "2026-05-03T03:59:59.999Z", "2026-05-03T04:00:00Z")]
    [InlineData("Sun 02:00-04:00", "UTC",           "2026-05-03T04:00:00Z",     null)]
    [InlineData("Sun 02:00-04:00", "UTC",           "2026-05-04T03:00:00Z",     null)]
    [InlineData("sun 02:00-04:00", "Europe/Berlin", "2026-05-03T00:30:00Z",     "2026-05-03T02:00:00Z")]
    // Over midnight, and to the end of the day.
    [InlineData("Sat 23:00-01:00", "UTC",           "2026-05-02T23:30:00Z",     "2026-05-03T01:00:00Z")]
    [InlineData("Sat 23:00-01:00", "UTC",           "2026-05-03T00:59:59Z",     "2026-05-03T01:00:00Z")]
    [InlineData("Sat 23:00-01:00", "UTC",           "2026-05-02T00:30:00Z",     null)]
    [InlineData("Sat 23:00-24:00", "UTC",           "2026-05-02T23:59:59Z",     "2026-05-03T00:00:00Z")]
    [InlineData("Sat 00:00-24:00", "UTC",           "2026-05-02T00:00:00Z",     "2026-05-03T00:00:00Z")]
    // Berlin, 29 March 2026: 02:00 to 03:00 does not exist.
    [InlineData("Sun 01:00-04:00", "Europe/Berlin", "2026-03-29T00:00:00Z",     "2026-03-29T02:00:00Z")]
    [InlineData("Sun 02:30-04:00", "Europe/Berlin", "2026-03-29T00:59:59Z",     null)]
    [InlineData("Sun 02:30-04:00", "Europe/Berlin", "2026-03-29T01:00:00Z",     "2026-03-29T02:00:00Z")]
    [InlineData("Sun 01:00-02:30", "Europe/Berlin", "2026-03-29T00:59:59Z",     "2026-03-29T01:00:00Z")]
    [InlineData("Sun 02:15-02:45", "Europe/Berlin", "2026-03-29T01:00:00Z",     null)]
    // Berlin, 25 October 2026: 02:00 to 03:00 comes twice, first at 00:00 UTC.
    [InlineData("Sun 02:00-04:00", "Europe/Berlin", "2026-10-25T00:00:00Z",     "2026-10-25T03:00:00Z")]
    [InlineData("Sun 02:30-03:30", "Europe/Berlin", "2026-10-25T00:29:59Z",     null)]
    [InlineData("Sun 02:30-03:30", "Europe/Berlin", "2026-10-25T00:30:00Z",     "2026-10-25T02:30:00Z")]
    [InlineData("Sun 01:00-02:30", "Europe/Berlin", "2026-10-25T01:29:59Z",     "2026-10-25T01:30:00Z")]
    public void A_week_by_the_clocks_of_a_zone(string weekly, string zone, string at, string? end) =>
        WeeklyMaintenance.Parse(weekly, zone).EndAround(At(at)).ShouldBe(end is null ? null : At(end));

    [Theory]
    [InlineData("2026-05-01T01:59:59.999Z", null)]
    [InlineData("2026-05-01T02:00:00Z",     "2026-05-01T04:00:00Z")]
    [InlineData("2026-05-01T04:00:00Z",     null)]
    public void Once(string at, string? end) =>
        new SingleMaintenance(At("2026-05-01T02:00:00Z"), At("2026-05-01T06:00:00+02:00")).EndAround(At(at)).ShouldBe(end is null ? null : At(end));

    [Theory]
    [InlineData("""{"weekly":"Sun 02:00-04:00","timeZone":"Europe/Berlin"}""",                  "Sun 02:00-04:00 (Europe/Berlin)")]
    [InlineData("""{"weekly":"sat 23:00-24:00"}""",                                             "Sat 23:00-24:00 (UTC)")]
    [InlineData("""{"from":"2026-05-01T02:00:00Z","to":"2026-05-01T06:00:00+02:00"}""",         "2026-05-01 02:00 to 2026-05-01 04:00 UTC")]
    public void Reads_describes_and_writes(string json, string description)
    {
        var window = JsonSerializer.Deserialize(json, MaintenanceTestJson.Default.MaintenanceWindow)!;

        window.Describe().ShouldBe(description);
        JsonSerializer.Deserialize(JsonSerializer.Serialize(window, MaintenanceTestJson.Default.MaintenanceWindow), MaintenanceTestJson.Default.MaintenanceWindow).ShouldBe(window);
    }

    [Theory]
    [Trait("Demand", "S3-26")]
    [InlineData("""{}""",                                                                "from is missing")]
    [InlineData("""{"from":"2026-05-01T02:00:00Z"}""",                                   "to is missing")]
    [InlineData("""{"from":"2026-05-01T02:00:00Z","to":"2026-05-01T02:00:00Z"}""",       "to must lie after from")]
    [InlineData("""{"from":"2026-05-01T02:00:00Z","to":"2028-05-01T02:00:00Z"}""",       "at most 366 days")]
    [InlineData("""{"from":"soon","to":"later"}""",                                      "\"soon\" is not an instant")]
    [InlineData("""{"weekly":"Sun 02:00"}""",                                            "such as \"Sun 02:00-04:00\"")]
    [InlineData("""{"weekly":"Sunday 02:00-04:00"}""",                                   "such as \"Sun 02:00-04:00\"")]
    [InlineData("""{"weekly":"Sun 24:00-04:00"}""",                                      "such as \"Sun 02:00-04:00\"")]
    [InlineData("""{"weekly":"Sun 02:00-25:00"}""",                                      "such as \"Sun 02:00-04:00\"")]
    [InlineData("""{"weekly":"Sun 02:00-04:00","timeZone":"Mars"}""",                    "\"Mars\"")]
    [InlineData("""{"weekly":"Sun 02:00-04:00","from":"2026-05-01T02:00:00Z"}""",        "either weekly or")]
    [InlineData("""{"from":"2026-05-01T02:00:00Z","to":"2026-05-02T02:00:00Z","timeZone":"UTC"}""", "belongs to weekly")]
    [InlineData("""{"daily":"02:00-04:00"}""",                                           "\"daily\" is not known")]
    public void Refuses_by_name(string json, string reason) =>
        Should.Throw<ScheduleFormatException>(() => JsonSerializer.Deserialize(json, MaintenanceTestJson.Default.MaintenanceWindow)).Message.ShouldContain(reason);

    [Fact]
    public void Windows_that_meet_are_one()
    {
        MaintenanceWindow[] windows = [WeeklyMaintenance.Parse("Sun 02:00-04:00", "UTC"), WeeklyMaintenance.Parse("Sun 04:00-05:00", "UTC"), WeeklyMaintenance.Parse("Sun 03:00-03:30", "UTC")];

        Maintenance.MoveOut(windows, At("2026-05-03T02:30:00Z")).ShouldBe(At("2026-05-03T05:00:00Z"));
        Maintenance.MoveOut(windows, At("2026-05-03T05:00:00Z")).ShouldBe(At("2026-05-03T05:00:00Z"));
    }

    /// <summary>A fire time within a window is not owed; one at its end is. A period waits for the end.</summary>
    [Theory]
    [InlineData("""{"cron":"30 3 * * *"}""",    "2026-05-02T03:30:00Z", "2026-05-04T03:30:00Z")]
    [InlineData("""{"cron":"0 4 * * *"}""",     "2026-05-02T04:00:00Z", "2026-05-03T04:00:00Z")]
    [InlineData("""{"cron":"0 * * * *"}""",     "2026-05-03T01:00:00Z", "2026-05-03T04:00:00Z")]
    [InlineData("""{"period":"01:00:00"}""",    "2026-05-03T01:30:00Z", "2026-05-03T04:00:00Z")]
    [InlineData("""{"period":"01:00:00"}""",    "2026-05-03T03:30:00Z", "2026-05-03T04:30:00Z")]
    public void What_is_due_within_a_window(string schedule, string last, string due) =>
        Maintenance.DueAfter([WeeklyMaintenance.Parse("Sun 02:00-04:00", "UTC")], (TimedSchedule)Schedule.Parse(schedule), At(last)).ShouldBe(At(due));

    [Fact]
    public void What_is_always_in_maintenance_owes_nothing()
    {
        string[] days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        MaintenanceWindow[] windows = [.. days.Select(day => WeeklyMaintenance.Parse($"{day} 03:00-04:00", "UTC"))];

        Maintenance.DueAfter(windows, (TimedSchedule)Schedule.Parse("""{"cron":"30 3 * * *"}"""), At("2026-05-02T00:00:00Z")).ShouldBeNull();
    }

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(MaintenanceWindow))]
sealed partial class MaintenanceTestJson : System.Text.Json.Serialization.JsonSerializerContext;
