using Watchdesk.Heartbeats;
using Watchdesk.Tests.Client;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

[Trait("Demand", "S0-5")]
public sealed class RunCommandTests
{
    readonly DeskDouble _desk = new();
    readonly StringWriter _complaints = new();

    [Fact]
    public async Task A_command_is_told_at_its_start_and_end_with_its_output()
    {
        (await RunAsync("--job", "backup", "--every", "1.00:00:00", "--grace", "00:30:00", "--", "/bin/sh", "-c", "echo one; echo two >&2")).ShouldBe(0);

        var (start, end) = (_desk.Events[0], _desk.Events[1]);
        (start.Text("job"), start.Text("kind"), end.Text("kind")).ShouldBe(("backup", "start", "success"));
        end.Text("runId").ShouldBe(start.Text("runId"));
        end.GetProperty("exitStatus").GetInt32().ShouldBe(0);
        end.Text("message")!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(["one", "two"]);
        TimeSpan.Parse(end.Text("duration")!).ShouldBeGreaterThan(TimeSpan.Zero);
        (start.GetProperty("nextAt").GetDateTimeOffset() - start.GetProperty("at").GetDateTimeOffset()).ShouldBe(new TimeSpan(24, 30, 0));
        _complaints.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void The_help_says_where_a_key_comes_from() => RunCommandLine.Help.ShouldContain("An admin makes one on the page /settings of Watchdesk, or with POST /api/v1/keys");

    [Theory]
    [InlineData("exit 0",            0, "success")]
    [InlineData("exit 1",            1, "fail")]
    [InlineData("exit 255",        255, "fail")]
    [InlineData("kill -KILL $$",   137, "fail")]
    public async Task The_exit_status_is_that_of_the_command(string script, int status, string kind)
    {
        (await RunAsync("--job", "backup", "/bin/sh", "-c", script)).ShouldBe(status);

        _desk.Events[^1].Text("kind").ShouldBe(kind);
        _desk.Events[^1].GetProperty("exitStatus").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task A_command_that_is_not_there_has_failed()
    {
        (await RunAsync("--job", "backup", "/no/such/command")).ShouldBe(127);

        _desk.Events[^1].Text("kind").ShouldBe("fail");
    }

    [Fact]
    public async Task Only_the_end_of_a_long_output_is_sent_and_none_when_told_so()
    {
        await RunAsync("--job", "backup", "/bin/sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done");
        var message = _desk.Events[^1].Text("message")!;
        message.Length.ShouldBeInRange(9_990, 10_001);
        message.ShouldEndWith("line 2999\n");
        message.ShouldStartWith("…");

        await RunAsync("--job", "backup", "--no-output", "/bin/true");
        _desk.Events[^1].Text("message").ShouldBeNull();
    }

    [Fact]
    public async Task A_command_runs_and_ends_as_it_would_while_the_desk_is_away()
    {
        _desk.Always = () => throw new HttpRequestException("Connection refused");

        (await RunAsync("--job", "backup", "--wait", "1", "/bin/sh", "-c", "exit 7")).ShouldBe(7);
        _complaints.ToString().ShouldContain("Watchdesk was not told (Connection refused)");
    }

    [Fact]
    public async Task A_desk_that_hangs_holds_the_end_up_for_the_given_time_only()
    {
        _desk.Hold = new TaskCompletionSource().Task;

        (await RunAsync("--job", "backup", "--wait", "1", "/bin/true").WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(0);
        _complaints.ToString().ShouldContain("Watchdesk was not told");
    }

    [Fact]
    public async Task A_start_that_did_not_get_through_is_sent_with_the_end()
    {
        _desk.Then(503, "", "Retry-After: 60").Then(503);

        await RunAsync("--job", "backup", "/bin/true");
        _desk.Events.Select(e => e.Text("kind")).ShouldBe(["start", "success"]);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_not_tried_again()
    {
        _desk.Always = () => FakeHttp.Response(403);

        (await RunAsync("--job", "backup", "/bin/true")).ShouldBe(0);
        _desk.Requests.Count.ShouldBe(2);
        _complaints.ToString().ShouldContain("it answered 403");
        _complaints.ToString().ShouldNotContain("wd_k12345");
    }

    [Theory]
    [InlineData("")]
    [InlineData("desk.example.org")]
    public async Task Without_an_address_that_works_the_command_runs_unreported(string url)
    {
        var status = await RunCommand.ExecuteAsync(
            ["--job", "backup", "--url", url, "--key", "wd_k12345", "/bin/sh", "-c", "exit 3"], _ => null, TimeProvider.System, _desk, _complaints);

        status.ShouldBe(3);
        _desk.Requests.ShouldBeEmpty();
        _complaints.ToString().ShouldContain("the command runs unreported");
    }

    [Theory]
    [InlineData("",                                      "The command is missing.")]
    [InlineData("--job backup --",                       "The command is missing.")]
    [InlineData("/bin/true",                             "--job is missing.")]
    [InlineData("--job Backup! /bin/true",               "--job is of a-z, 0-9, _ and -, not Backup!.")]
    [InlineData("--job backup --every 1h /bin/true",     "is not a duration")]
    [InlineData("--job backup --grace 00:01:00 /bin/true", "--grace needs --every.")]
    [InlineData("--job backup --wait 61 /bin/true",      "--wait is a number of seconds from 0 to 60")]
    [InlineData("--job backup --loud /bin/true",         "Unknown switch --loud")]
    [InlineData("--job",                                 "--job needs a value.")]
    public async Task Wrong_usage_runs_nothing_and_says_what_is_wrong(string args, string said)
    {
        (await RunAsync(args.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(2);

        _complaints.ToString().ShouldContain(said);
        _desk.Requests.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Size", "Large")]
    [InlineData("TERM", 15)]
    [InlineData("INT", 2)]
    public async Task A_signal_reaches_the_command_and_its_own_exit_status_comes_back(string signal, int number)
    {
        // A program that a shell started in the background ignores SIGINT, and so does all that it starts.
        var program = Path.Combine(AppContext.BaseDirectory, "watchdesk.dll");
        await using var wrapper = ChildProcess.Start(
            "env", ["--default-signal=INT", "dotnet", program, "run", "--job", "backup", "--wait", "3", "--", "/bin/sh", "-c", $"trap 'echo got {number}; exit 9' {number}; echo up; while :; do sleep 0.1; done"],
            new Dictionary<string, string> { ["WATCHDESK_URL"] = "http://127.0.0.1:1", ["WATCHDESK_KEY"] = "wd_k12345" });
        await wrapper.LineAsync("up", TimeSpan.FromSeconds(30));

        await using var kill = ChildProcess.Start("kill", [$"-{signal}", $"{wrapper.Id}"]);
        await wrapper.LineAsync($"got {number}", TimeSpan.FromSeconds(30));
        SpinWait.SpinUntil(() => wrapper.HasExited, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        (await wrapper.StopAsync()).ShouldBe(9);
    }

    Task<int> RunAsync(params string[] args) => RunCommand.ExecuteAsync(args, Environment, TimeProvider.System, _desk, _complaints);

    static string? Environment(string name) => name switch { "WATCHDESK_URL" => "http://127.0.0.1:8123/", "WATCHDESK_KEY" => "wd_k12345", _ => null };
}
