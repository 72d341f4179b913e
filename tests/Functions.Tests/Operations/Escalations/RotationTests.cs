using System.Globalization;
using System.Text;
using Watchdesk.Operations.Escalations;

namespace Watchdesk.Tests.Operations.Escalations;

public sealed class RotationTests
{
    static readonly Rotation Berlin = new(["a", "b", "c"], new DateOnly(2026, 10, 12), new TimeOnly(9, 0), "Europe/Berlin", []);

    [Theory]
    [InlineData("2026-10-12T06:59:59Z", null, "before the first handover")]
    [InlineData("2026-10-12T07:00:00Z", "a",  "09:00 in summer")]
    [InlineData("2026-10-19T06:59:59Z", "a",  "a second before the handover")]
    [InlineData("2026-10-19T07:00:00Z", "b",  "the second week")]
    [InlineData("2026-10-26T07:59:59Z", "b",  "the clocks went back on the day before")]
    [InlineData("2026-10-26T08:00:00Z", "c",  "09:00 in winter")]
    [InlineData("2026-11-02T08:00:00Z", "a",  "round again")]
    [InlineData("2036-11-03T08:00:00Z", "a",  "ten years on")]
    public void A_week_has_its_person(string at, string? expected, string because) => Berlin.OnCallAt(At(at)).ShouldBe(expected, because);

    [Theory]
    [InlineData("2026-10-20T00:00:00Z", "x")]
    [InlineData("2026-10-20T12:00:00Z", "y")]
    [InlineData("2026-10-21T00:00:00Z", "x")]
    [InlineData("2026-10-22T00:00:00Z", "b")]
    public void Who_stands_in_wins_and_the_last_wins_over_others(string at, string expected) => Stood().OnCallAt(At(at)).ShouldBe(expected);

    [Fact]
    public void Shifts_have_no_hole_and_agree_with_who_is_on_call()
    {
        var shifts = Stood().Shifts(At("2026-10-13T00:00:00Z"), At("2026-11-10T00:00:00Z"));

        shifts.Select(shift => shift.User).ShouldBe(["a", "b", "x", "y", "x", "b", "c", "a", "b"]);
        shifts.Zip(shifts.Skip(1)).ShouldAllBe(pair => pair.First.Until == pair.Second.From);
        shifts.ShouldAllBe(shift => Stood().OnCallAt(shift.From) == shift.User && Stood().OnCallAt(shift.Until.AddSeconds(-1)) == shift.User);
    }

    [Fact]
    public void Nobody_is_on_call_without_people()
    {
        Rotation.None.OnCallAt(At("2026-11-20T08:00:00Z")).ShouldBeNull();
        Rotation.None.Shifts(At("2026-11-20T08:00:00Z"), At("2026-12-20T08:00:00Z")).ShouldBeEmpty();
    }

    [Fact]
    public void A_calendar_is_folded_escaped_and_ended_as_the_standard_says()
    {
        var name = "Zoë; \"Ops\", back\\slash\nnew 日本語の名前がとても長い人の名前ですからおりかえしがひつようです";
        var text = OnCallCalendar.Of("Desk, main", Stood().Shifts(At("2026-10-13T00:00:00Z"), At("2026-11-10T00:00:00Z")), _ => name, At("2026-10-13T00:00:00Z"));

        var lines = text.Split("\r\n");
        lines[^1].ShouldBeEmpty();
        text.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal).ShouldBeFalse();
        lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 75);
        var unfolded = text.Replace("\r\n ", "", StringComparison.Ordinal);
        unfolded.ShouldContain("X-WR-CALNAME:Desk\\, main\r\n");
        unfolded.ShouldContain("SUMMARY:On call: Zoë\\; \"Ops\"\\, back\\\\slash\\nnew 日本語の名前がとても長い人の名前ですからおりかえしがひつようです\r\n");
        unfolded.ShouldContain("DTSTART:20261012T070000Z\r\nDTEND:20261019T070000Z\r\n");
        unfolded.Split("\r\n").Where(line => line.StartsWith("UID:", StringComparison.Ordinal)).Distinct().Count().ShouldBe(9);
        (unfolded.StartsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", StringComparison.Ordinal), unfolded.EndsWith("END:VCALENDAR\r\n", StringComparison.Ordinal)).ShouldBe((true, true));
    }

    static Rotation Stood() => Berlin with
    {
        Overrides = [new RotationOverride(At("2026-10-20T00:00:00Z"), At("2026-10-22T00:00:00Z"), "x"), new RotationOverride(At("2026-10-20T12:00:00Z"), At("2026-10-21T00:00:00Z"), "y")],
    };

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
