using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

public sealed class HeartbeatOptionsTests
{
    [Theory]
    [InlineData("",                          "wd_k12345", "Url")]
    [InlineData("desk.example.org",          "wd_k12345", "Url")]
    [InlineData("ftp://desk.example.org",    "wd_k12345", "Url")]
    [InlineData("https://u:p@desk.example.org", "wd_k12345", "Url")]
    [InlineData("https://desk.example.org?key=1", "wd_k12345", "Url")]
    [InlineData("https://desk.example.org",  "",          "Key")]
    [InlineData("https://desk.example.org",  "k12345",    "Key")]
    [InlineData("https://desk.example.org",  "wd_a b",    "Key")]
    public void An_address_or_key_that_cannot_work_is_refused_by_name(string url, string key, string named)
    {
        var error = Should.Throw<ArgumentException>(() => new HeartbeatClient(new HeartbeatOptions { Url = url, Key = key }));

        error.Message.ShouldStartWith($"HeartbeatOptions.{named} must");
    }

    [Fact]
    public void A_wrong_key_does_not_appear_in_the_error()
    {
        var error = Should.Throw<ArgumentException>(() => new HeartbeatClient(new HeartbeatOptions { Url = "https://desk.example.org", Key = "hunter2" }));

        error.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Every_bound_is_checked_with_its_range()
    {
        Action<HeartbeatOptions>[] wrong =
        [
            o => o.MaxEvents = 99, o => o.MaxEvents = 1_000_001, o => o.MaxBytes = 65_535, o => o.SendInterval = TimeSpan.FromSeconds(61),
            o => o.RequestTimeout = TimeSpan.Zero, o => o.MaxRetryDelay = TimeSpan.FromMinutes(11), o => o.StopTimeout = TimeSpan.FromSeconds(-1),
        ];

        foreach (var change in wrong)
        {
            var options = new HeartbeatOptions { Url = "https://desk.example.org", Key = "wd_k12345" };
            change(options);
            Should.Throw<ArgumentException>(() => new HeartbeatClient(options)).Message.ShouldContain("must be between");
        }
    }
}
