using System.Collections.Specialized;
using System.Text.Json;
using Quartz;
using Quartz.Impl;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

/// <summary>The listener on a real Quartz 3 scheduler in this process.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S0-5")]
public sealed class QuartzListenerTests : IAsyncLifetime
{
    static readonly TimeSpan Often = TimeSpan.FromMilliseconds(400);

    readonly DeskDouble _desk = new();
    HeartbeatClient _client = null!;
    IScheduler _scheduler = null!;

    public async Task InitializeAsync()
    {
        _client = new HeartbeatClient(new HeartbeatOptions { Url = "http://127.0.0.1:8123", Key = "wd_k12345", SendInterval = TimeSpan.Zero }, null, _desk);
        _scheduler = await new StdSchedulerFactory(new NameValueCollection
        {
            ["quartz.scheduler.instanceName"] = $"test-{Guid.NewGuid():N}",
            ["quartz.jobStore.misfireThreshold"] = "100",
            ["quartz.threadPool.maxConcurrency"] = "3",
        }).GetScheduler();
    }

    public async Task DisposeAsync()
    {
        await _scheduler.Shutdown(waitForJobsToComplete: false);
        await _client.StopAsync();
    }

    [Fact]
    public async Task A_run_is_told_with_its_times_and_the_next_one()
    {
        _scheduler.AddWatchdesk(_client);
        await _scheduler.ScheduleJob(Job(_ => { }), Every(Often));
        await _scheduler.Start();

        var start = await _desk.EventAsync(e => e.Text("kind") == "start");
        var end = await _desk.EventAsync(e => e.Text("kind") == "success");
        start.Text("job").ShouldBe("reports-send-mail");
        end.Text("runId").ShouldBe(start.Text("runId"));
        (Time(start, "nextAt") - Time(start, "scheduledAt")).ShouldBe(Often);
        Time(start, "at").ShouldBeGreaterThanOrEqualTo(Time(start, "scheduledAt"));
        TimeSpan.Parse(end.Text("duration")!).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_job_that_throws_is_told_with_its_own_words()
    {
        _scheduler.AddWatchdesk(_client);
        await _scheduler.ScheduleJob(Job(_ => throw new InvalidOperationException("no batch 7")), Once());
        await _scheduler.Start();

        var fail = await _desk.EventAsync(e => e.Text("kind") == "fail");
        fail.Text("message").ShouldBe("InvalidOperationException: no batch 7");
    }

    [Fact]
    public async Task A_job_that_refires_has_a_run_each_time()
    {
        _scheduler.AddWatchdesk(_client);
        await _scheduler.ScheduleJob(Job(context => throw new JobExecutionException("once more", new TimeoutException(), context.RefireCount == 0)), Once());
        await _scheduler.Start();

        await _desk.EventAsync(e => e.Text("kind") == "fail" && e.Text("runId")!.EndsWith("-1"));
        _desk.Events.Where(e => e.Text("kind") == "start").Select(e => e.Text("runId")).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_was_scheduled_before_is_owed_as_soon_as_the_scheduler_starts()
    {
        var trigger = TriggerBuilder.Create().WithCronSchedule("0 0 3 * * ?").Build();
        await _scheduler.ScheduleJob(Job(_ => { }), trigger);
        _scheduler.AddWatchdesk(_client);
        await _scheduler.Start();

        var declared = await _desk.EventAsync(e => e.Text("kind") == "log");
        Time(declared, "nextAt").ShouldBe((await _scheduler.GetTrigger(trigger.Key))!.GetNextFireTimeUtc()!.Value);
    }

    [Fact]
    public async Task Nothing_is_owed_while_the_trigger_is_paused_and_something_is_when_it_goes_on()
    {
        var trigger = TriggerBuilder.Create().WithCronSchedule("0 0 3 * * ?").Build();
        _scheduler.AddWatchdesk(_client);
        await _scheduler.Start();
        await _scheduler.ScheduleJob(Job(_ => { }), trigger);
        await _desk.EventAsync(Declares(1));
        await _scheduler.PauseTrigger(trigger.Key);
        await _desk.EventAsync(DeclaresNothing(1));
        await _scheduler.ResumeTrigger(trigger.Key);
        await _desk.EventAsync(Declares(2));
        await _scheduler.PauseAll();
        await _desk.EventAsync(DeclaresNothing(2));
        await _scheduler.ResumeAll();
        await _desk.EventAsync(Declares(3));
        await _scheduler.PauseJob(trigger.JobKey);
        await _desk.EventAsync(DeclaresNothing(3));
        await _scheduler.ResumeJob(trigger.JobKey);
        await _desk.EventAsync(Declares(4));
        await _scheduler.UnscheduleJob(trigger.Key);
        await _desk.EventAsync(DeclaresNothing(4));
    }

    [Fact]
    public async Task A_fire_time_that_was_missed_is_a_misfire_and_the_next_one_is_owed()
    {
        var trigger = Every(TimeSpan.FromSeconds(1));
        _scheduler.AddWatchdesk(_client);
        await _scheduler.ScheduleJob(Job(_ => { }), trigger);
        await _scheduler.Start();
        await _desk.EventAsync(e => e.Text("kind") == "success");
        await _scheduler.Standby();
        var missed = (await _scheduler.GetTrigger(trigger.Key))!.GetNextFireTimeUtc()!.Value;
        await Task.Delay(missed.AddMilliseconds(400) - DateTimeOffset.UtcNow);
        await _scheduler.Start();

        await _desk.EventAsync(e => e.Text("kind") == "misfire" && Time(e, "scheduledAt") == missed);
        await _desk.EventAsync(e => e.Text("kind") is "log" or "start" && e.Text("nextAt") is { } next && DateTimeOffset.Parse(next) > missed);
    }

    [Fact]
    public async Task A_run_that_was_vetoed_is_a_remark()
    {
        _scheduler.AddWatchdesk(_client);
        _scheduler.ListenerManager.AddTriggerListener(new Veto());
        await _scheduler.ScheduleJob(Job(_ => { }), Once());
        await _scheduler.Start();

        var remark = await _desk.EventAsync(e => e.Text("message") is not null);
        (remark.Text("kind"), remark.Text("message")).ShouldBe(("log", "A trigger listener vetoed this run."));
        _desk.Events.ShouldNotContain(e => e.Text("kind") == "start");
    }

    [Fact]
    public async Task A_run_that_the_shutdown_cuts_off_has_failed()
    {
        using var go = new SemaphoreSlim(0);
        _scheduler.AddWatchdesk(_client);
        await _scheduler.ScheduleJob(Job(_ => go.Wait(TimeSpan.FromSeconds(20))), Once());
        await _scheduler.Start();
        var start = await _desk.EventAsync(e => e.Text("kind") == "start");
        await _scheduler.Shutdown(waitForJobsToComplete: false);

        var fail = await _desk.EventAsync(e => e.Text("kind") == "fail");
        go.Release();
        fail.Text("runId").ShouldBe(start.Text("runId"));
    }

    [Fact]
    public async Task Properties_alone_are_enough()
    {
        var scheduler = await new StdSchedulerFactory(new NameValueCollection
        {
            ["quartz.scheduler.instanceName"] = $"test-{Guid.NewGuid():N}",
            ["quartz.plugin.watchdesk.type"] = "Watchdesk.Client.WatchdeskQuartzPlugin, Watchdesk.Client",
            ["quartz.plugin.watchdesk.url"] = "http://127.0.0.1:1",
            ["quartz.plugin.watchdesk.key"] = "wd_k12345",
        }).GetScheduler();

        scheduler.ListenerManager.GetJobListeners().Select(listener => listener.Name).ShouldContain("Watchdesk");
        await scheduler.Shutdown();
    }

    static IJobDetail Job(Action<IJobExecutionContext> work) =>
        JobBuilder.Create<ActionJob>().WithIdentity("Send Mail", "Reports").SetJobData(new JobDataMap { ["work"] = work }).Build();

    static ITrigger Every(TimeSpan time) => TriggerBuilder.Create().StartNow().WithSimpleSchedule(s => s.WithInterval(time).RepeatForever()).Build();

    static ITrigger Once() => TriggerBuilder.Create().StartNow().Build();

    static DateTimeOffset Time(JsonElement e, string name) => e.GetProperty(name).GetDateTimeOffset();

    /// <summary>Fits once there are n events that declare a time.</summary>
    Func<JsonElement, bool> Declares(int n) => _ => Count(JsonValueKind.String) >= n;

    Func<JsonElement, bool> DeclaresNothing(int n) => _ => Count(JsonValueKind.Null) >= n;

    int Count(JsonValueKind kind) => _desk.Events.Count(e => e.TryGetProperty("nextAt", out var next) && next.ValueKind == kind);

    sealed class ActionJob : IJob
    {
        public Task Execute(IJobExecutionContext context)
        {
            ((Action<IJobExecutionContext>)context.MergedJobDataMap["work"])(context);
            return Task.CompletedTask;
        }
    }

    sealed class Veto : ITriggerListener
    {
        public string Name => "veto";

        public Task TriggerFired(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<bool> VetoJobExecution(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) => Task.FromResult(true);

        public Task TriggerMisfired(ITrigger trigger, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task TriggerComplete(ITrigger trigger, IJobExecutionContext context, SchedulerInstruction triggerInstructionCode, CancellationToken cancellationToken = default) =>
            Task.CompletedTask;
    }
}
