using System.Text.Json;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

public sealed class SchedulerReporterTests : IAsyncLifetime
{
    static readonly ScheduledJob Backup = new("DEFAULT", "nightly-backup");

    readonly DeskDouble _desk = new();
    readonly PausingClock _clock = new();
    readonly CollectedLog _log = new();
    HeartbeatClient _client = null!;
    SchedulerReporter _reporter = null!;

    DateTimeOffset Now => _clock.Now;

    public Task InitializeAsync()
    {
        _client = new HeartbeatClient(new HeartbeatOptions { Url = "http://127.0.0.1:8123", Key = "wd_k12345", SendInterval = TimeSpan.Zero, Clock = _clock.Clock }, _log, _desk);
        _reporter = new SchedulerReporter(_client, "DEFAULT");
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _client.StopAsync();

    [Fact]
    [Trait("Demand", "S0-5")]
    public async Task A_run_is_told_at_its_start_and_end_under_one_run_id()
    {
        _reporter.Started(Run("f1", Now.AddMinutes(10)));
        _reporter.Ended(Run("f1", Now.AddMinutes(10)), TimeSpan.FromSeconds(3), null);

        var (start, end) = ((await SentAsync())[0], (await SentAsync())[1]);
        (start.Text("job"), start.Text("kind"), end.Text("kind")).ShouldBe(("nightly-backup", "start", "success"));
        end.Text("runId").ShouldBe(start.Text("runId"));
        end.Text("duration").ShouldBe("00:00:03");
        Next(start).ShouldBe(Now.AddMinutes(10));
    }

    [Fact]
    public async Task Runs_of_two_schedulers_never_share_a_run_id()
    {
        _reporter.Started(Run("1", null));
        new SchedulerReporter(_client, "DEFAULT").Started(Run("1", null));

        (await SentAsync()).Select(e => e.Text("runId")).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_job_is_due_at_the_earliest_of_its_triggers()
    {
        _reporter.TriggerDue(Backup, "daily", Now.AddDays(1));
        _reporter.TriggerDue(Backup, "hourly", Now.AddHours(1));
        _reporter.TriggerDue(Backup, "weekly", Now.AddDays(7));
        _reporter.TriggerGone("hourly");

        (await SentAsync()).Select(Next).ShouldBe([Now.AddDays(1), Now.AddHours(1), Now.AddDays(1)]);
    }

    [Fact]
    public async Task The_same_time_is_told_once() =>
        (await SentAfterAsync(() =>
        {
            _reporter.TriggerDue(Backup, "daily", Now.AddDays(1));
            _reporter.TriggerDue(Backup, "daily", Now.AddDays(1));
        })).ShouldHaveSingleItem();

    [Fact]
    public async Task Nothing_is_due_when_the_last_trigger_is_paused_or_the_job_is_deleted()
    {
        _reporter.TriggerDue(Backup, "daily", Now.AddDays(1));
        _reporter.TriggerDue(Backup, "daily", null);
        _reporter.TriggerDue(Backup, "daily", Now.AddDays(2));
        _reporter.JobGone(Backup);

        (await SentAsync()).Select(e => e.GetProperty("nextAt").ValueKind).ShouldBe([JsonValueKind.String, JsonValueKind.Null, JsonValueKind.String, JsonValueKind.Null]);
    }

    [Fact]
    public async Task A_run_that_outlasts_its_next_fire_time_says_nothing_about_the_next_one()
    {
        _reporter.Started(Run("f1", Now.AddTicks(1)));
        _reporter.Misfired(Backup, Now);
        var late = Run("f1", Now.AddSeconds(-10));
        _reporter.TriggerDue(Backup, "t", Now.AddSeconds(-10));
        _reporter.Ended(late, TimeSpan.FromSeconds(20), null);

        var end = (await SentAsync())[^1];
        end.Text("kind").ShouldBe("success");
        end.TryGetProperty("nextAt", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_trigger_that_was_paused_during_its_run_is_not_due_after_it()
    {
        _reporter.Started(Run("f1", Now.AddMinutes(1)));
        _reporter.TriggerGone("t");
        _reporter.Ended(Run("f1", Now.AddMinutes(1)), TimeSpan.Zero, null);

        (await SentAsync())[^1].GetProperty("nextAt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_failure_is_told_with_its_reasons()
    {
        _reporter.Ended(Run("f1", null), TimeSpan.Zero, new InvalidOperationException("no batch 7", new TimeoutException("pool is empty")));

        (await SentAsync())[0].Text("message").ShouldBe("InvalidOperationException: no batch 7 < TimeoutException: pool is empty");
    }

    [Fact]
    public async Task A_shutdown_ends_the_runs_that_are_open_and_no_other()
    {
        _reporter.Started(Run("f1", null));
        _reporter.Started(Run("f2", null));
        _reporter.Ended(Run("f2", null), TimeSpan.Zero, null);
        _reporter.Stopped();
        _reporter.Stopped();

        var failed = (await SentAsync()).Where(e => e.Text("kind") == "fail").ToList();
        failed.ShouldHaveSingleItem().Text("runId")!.ShouldEndWith("-f1");
    }

    [Fact]
    public async Task Two_jobs_of_one_slug_are_warned_about_once()
    {
        for (var n = 0; n < 3; n++)
        {
            _reporter.TriggerDue(new("a", "b-c"), "t1", Now.AddDays(1));
            _reporter.TriggerDue(new("a-b", "c"), "t2", Now.AddDays(2));
        }

        await SentAsync();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("a.b-c and a-b.c share the slug a-b-c");
    }

    [Fact]
    public async Task A_naming_function_that_throws_disturbs_nobody()
    {
        var reporter = new SchedulerReporter(_client, "DEFAULT", _ => throw new FormatException("bad name"));

        reporter.Started(Run("f1", null));
        (await SentAsync()).ShouldBeEmpty();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("could not be made");
    }

    static ScheduledRun Run(string fireId, DateTimeOffset? nextAt) => new(Backup, "t", fireId) { NextAt = nextAt };

    static DateTimeOffset Next(JsonElement e) => e.GetProperty("nextAt").GetDateTimeOffset();

    async Task<IReadOnlyList<JsonElement>> SentAsync()
    {
        await _client.FlushAsync(TimeSpan.FromHours(1));
        return _desk.Events;
    }

    async Task<IReadOnlyList<JsonElement>> SentAfterAsync(Action report)
    {
        report();
        return await SentAsync();
    }
}
