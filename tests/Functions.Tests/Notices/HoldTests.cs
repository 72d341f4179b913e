using System.Globalization;
using Watchdesk.Notices;

namespace Watchdesk.Tests.Notices;

public sealed class HoldTests
{
    static readonly QuietHours Night = new("22:00", "07:00", "Europe/Berlin");

    [Theory]
    [InlineData("2026-11-20T20:59:00Z", null)]
    [InlineData("2026-11-20T21:00:00Z", "2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T03:00:00Z", "2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T06:00:00Z", null)]
    [InlineData("2026-07-01T20:00:00Z", "2026-07-02T05:00:00Z")]
    public void Quiet_hours_hold_in_their_zone(string now, string? until) => (Hold.Of(Way(quiet: Night), Level.Warning, At(now))?.Until).ShouldBe(until is null ? null : At(until));

    [Fact]
    public void What_is_critical_comes_through_unless_its_reader_wants_otherwise()
    {
        var night = At("2026-11-21T03:00:00Z");

        Hold.Of(Way(quiet: Night, batch: new DailyTime("08:00")), Level.Critical, night).ShouldBeNull();
        Hold.Of(Way(quiet: Night with { ExceptCritical = false }), Level.Critical, night)!.Until.ShouldBe(At("2026-11-21T06:00:00Z"));
    }

    [Fact]
    public void A_digest_waits_for_its_time_and_for_quiet_hours_in_which_that_lies()
    {
        Hold.Of(Way(batch: new DailyTime("08:00")), Level.Warning, At("2026-11-20T09:00:00Z"))!.Until.ShouldBe(At("2026-11-21T08:00:00Z"));
        Hold.Of(Way(Night, new DailyTime("05:00")), Level.Warning, At("2026-11-20T09:00:00Z"))!.Until.ShouldBe(At("2026-11-21T06:00:00Z"));
    }

    static Channel Way(QuietHours? quiet = null, DailyTime? batch = null) => new("main", "user.x.e-mail", "e-mail", "eve", Level.Warning, true, "{}") { Quiet = quiet, Batch = batch };

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
