using Watchdesk.Pages;

namespace Watchdesk.Tests.Pages;

public sealed class SayTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T09:00:00Z");

    [Theory]
    [InlineData(0,        "just now")]
    [InlineData(1,        "in a moment")]
    [InlineData(-1,       "just now")]
    [InlineData(-59,      "just now")]
    [InlineData(-60,      "1 min ago")]
    [InlineData(90,       "in 1 min")]
    [InlineData(3599,     "in 59 min")]
    [InlineData(3600,     "in 1 h")]
    [InlineData(-172799,  "47 h ago")]
    [InlineData(-172800,  "2 d ago")]
    public void A_time_is_told_from_now(int seconds, string text) => Say.Relative(Now.AddSeconds(seconds), Now).ShouldBe(text);

    [Theory]
    [InlineData(0.34,     "340 ms")]
    [InlineData(1.25,     "1.3 s")]
    [InlineData(59.9,     "59 s")]
    [InlineData(60,       "1 min")]
    [InlineData(65,       "1 min 05 s")]
    [InlineData(3900,     "1 h 05 min")]
    [InlineData(86400,    "1 d")]
    [InlineData(90000,    "1 d 1 h")]
    public void A_duration_has_two_units(double seconds, string text) => Say.Lasting(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void An_unknown_duration_is_a_dash() => Say.Lasting(null).ShouldBe("–");
}
