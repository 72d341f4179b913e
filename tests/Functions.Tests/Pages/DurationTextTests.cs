using Watchdesk.Pages;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Pages;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("5 min", "00:05:00")]
    [InlineData("90s", "00:01:30")]
    [InlineData("1 h 30 min", "01:30:00")]
    [InlineData(" 2 Days ", "2.00:00:00")]
    [InlineData("1d2h3m4s", "1.02:03:04")]
    [InlineData("00:05:00", "00:05:00")]
    public void People_write_durations_in_their_way(string text, string duration)
    {
        var read = DurationText.Parse("grace", text);

        read.ShouldBe(TimeSpan.Parse(duration, null));
        DurationText.Parse("grace", DurationText.Of(read)).ShouldBe(read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5 weeks")]
    [InlineData("0 s")]
    [InlineData("99999999 d")]
    [InlineData("five min")]
    public void What_is_no_duration_is_refused_by_name(string text) =>
        Should.Throw<ScheduleFormatException>(() => DurationText.Parse("grace", text)).Field.ShouldBe("grace");
}
