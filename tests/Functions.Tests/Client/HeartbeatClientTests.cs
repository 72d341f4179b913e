using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

public sealed class HeartbeatClientTests
{
    readonly DeskDouble _desk = new();
    readonly PausingClock _clock = new();
    readonly CollectedLog _log = new();

    [Fact]
    [Trait("Demand", "S0-5")]
    public async Task Events_go_to_the_desk_with_the_key_in_the_order_they_came()
    {
        await using (var client = Client())
        {
            client.Send(Start("1")).ShouldBeTrue();
            client.Send(new RunEvent("nightly", RunEventKind.Log) { Message = "half" });
            client.Send(new RunEvent("nightly", RunEventKind.Success) { RunId = "1" });
        }

        _desk.Events.Select(e => e.Text("kind")).ShouldBe(["start", "log", "success"]);
        _desk.Requests[0].Url.AbsoluteUri.ShouldBe("http://127.0.0.1:8123/api/v1/heartbeats");
        _desk.Requests[0].Header("Authorization").ShouldBe("Bearer wd_k12345");
    }

    [Fact]
    public async Task A_batch_that_failed_is_sent_again_unchanged_after_a_growing_pause()
    {
        _desk.ThenBreak().ThenBreak().Then(500);
        await using var client = Client();
        client.Send(Start("1"));

        foreach (var most in new[] { 1, 2, 4 })
        {
            var pause = await _clock.NextAsync();
            pause.Time.TotalSeconds.ShouldBeInRange(0.8 * most, most);
            pause.End();
        }

        await _desk.EventAsync(e => e.Text("runId") == "1");
        _desk.Requests.Select(request => request.Text).Distinct().Count().ShouldBe(1);
        _log.Lines.Count(line => line.Contains("takes no heartbeats (Connection refused)")).ShouldBe(1);
    }

    [Fact]
    public async Task A_wait_that_the_desk_asks_for_is_kept()
    {
        _desk.Then(503, "", "Retry-After: 7");
        await using var client = Client();
        client.Send(Start("1"));

        var pause = await _clock.NextAsync();
        pause.Time.ShouldBe(TimeSpan.FromSeconds(7));
        pause.End();
        await _desk.EventAsync(e => e.Text("runId") == "1");
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_counts_once()
    {
        _desk.Then(202);
        await using var client = Client();
        client.Send(Start("1"));
        await _desk.EventAsync(e => e.Text("runId") == "1");
        _desk.Then(500);
        client.Send(Start("1"));

        (await _clock.NextAsync()).End();
        await client.StopAsync();
        _desk.Events.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(401, "the key is unknown")]
    [InlineData(403, "the key is unknown")]
    [InlineData(404, "is the address")]
    [InlineData(302, "is the address")]
    public async Task A_wrong_key_or_address_loses_nothing_and_is_tried_seldom(int status, string said)
    {
        _desk.Then(status);
        await using var client = Client();
        client.Send(Start("1"));

        var pause = await _clock.NextAsync();
        pause.Time.TotalSeconds.ShouldBeInRange(48, 60);
        client.Waiting.ShouldBe(1);
        _log.Lines.ShouldHaveSingleItem().ShouldContain(said);
        pause.End();
        await _desk.EventAsync(e => e.Text("runId") == "1");
    }

    [Fact]
    public async Task A_refused_event_is_counted_and_its_reason_logged_once()
    {
        const string Answer = """{"accepted":1,"refused":[{"line":1,"reason":"There is no job \"a{b}\"."},{"line":2,"reason":"There is no job \"a{b}\"."}]}""";
        _desk.Then(202, Answer).Then(400, Answer);
        await using var client = Client();
        for (var n = 0; n < 3; n++)
        {
            client.Send(Start($"{n}"));
        }

        await client.FlushAsync(TimeSpan.FromHours(1));
        client.Send(Start("8"));
        client.Send(Start("9"));
        await client.FlushAsync(TimeSpan.FromHours(2));

        client.Refused.ShouldBeGreaterThanOrEqualTo(3);
        (client.Sent + client.Refused).ShouldBe(5);
        _log.Lines.Where(line => line.Contains("refused")).ShouldHaveSingleItem().ShouldContain("There is no job \"a{b}\".");
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_and_one_event_that_is_too_large_is_given_up()
    {
        _desk.Then(413).Then(413);
        await using var client = Client(o => o.SendInterval = TimeSpan.FromSeconds(1));
        client.Send(Start("1"));
        client.Send(Start("2"));
        (await _clock.NextAsync()).End();

        await _desk.EventAsync(e => e.Text("runId") == "2");
        await client.StopAsync();
        _desk.Events.ShouldHaveSingleItem();
        client.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_that_goes_wrong_reaches_the_job()
    {
        _desk.Always = () => throw new InvalidOperationException("a handler of somebody");
        await using var client = new HeartbeatClient(Options(o => o.StopTimeout = TimeSpan.Zero), new ThrowingLog(), _desk);

        client.Send(null!).ShouldBeFalse();
        client.Send(Start("1")).ShouldBeTrue();
        (await _clock.NextAsync()).Time.TotalSeconds.ShouldBeInRange(0.8, 1);
        client.Dropped.ShouldBe(1);
        client.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task Stopping_ends_within_its_limit_while_the_desk_hangs_and_counts_what_was_not_sent()
    {
        _desk.Hold = new TaskCompletionSource().Task;
        var client = Client(o => o.StopTimeout = TimeSpan.FromSeconds(3));
        client.Send(Start("1"));

        var stop = client.StopAsync();
        var pause = await _clock.NextAsync();
        pause.Time.ShouldBe(TimeSpan.FromSeconds(3));
        pause.End();
        await stop.WaitAsync(TimeSpan.FromSeconds(20));

        client.Dropped.ShouldBe(1);
        client.Send(Start("2")).ShouldBeFalse();
        _log.Lines.ShouldContain(line => line.Contains("Stopped with 1 heartbeats unsent"));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_company()
    {
        var client = Client(o => o.SendInterval = TimeSpan.FromSeconds(60));
        client.Send(Start("1"));
        await client.StopAsync();

        _desk.Events.ShouldHaveSingleItem();
    }

    HeartbeatOptions Options(Action<HeartbeatOptions>? change = null)
    {
        var options = new HeartbeatOptions { Url = "http://127.0.0.1:8123/", Key = "wd_k12345", Host = "h", SendInterval = TimeSpan.Zero, Clock = _clock.Clock };
        change?.Invoke(options);
        return options;
    }

    HeartbeatClient Client(Action<HeartbeatOptions>? change = null) => new(Options(change), _log, _desk);

    static RunEvent Start(string runId) => new("nightly", RunEventKind.Start) { RunId = runId };

    sealed class ThrowingLog : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new ObjectDisposedException("EventLog");
    }
}
