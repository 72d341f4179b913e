using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Heartbeats;

/// <summary>Counts, budgets, maintenance and alerts after several bad results. Seconds are counted from Friday, 20 November 2026, 10:00 UTC.</summary>
[Trait("Demand", "S0-3")]
public sealed class JobBudgetsTests
{
    const int Hour = 3600;
    static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z");

    static readonly Job EveryTenMinutes = new(
        "0193", "Backup", "backup", Guid.Empty.ToString(), Severity.Critical, new PeriodSchedule(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2)),
        Budgets.None, [], null, [], Start);

    static readonly Job TwiceADay = EveryTenMinutes with { Schedule = new CountSchedule(2, 0, CountPer.Day) };

    [Theory]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-13")]
    [InlineData(24 * Hour,     JobStatus.Good,      Cause.None)]
    [InlineData(36 * Hour,     JobStatus.Good,      Cause.None)]
    [InlineData(36 * Hour + 1, JobStatus.Warning,   Cause.None)]
    [InlineData(39 * Hour - 1, JobStatus.Warning,   Cause.None)]
    [InlineData(39 * Hour,     JobStatus.Attention, Cause.TooFew)]
    public void Too_few_runs_need_attention(int second, JobStatus status, Cause cause) =>
        Look(TwiceADay, second, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, 12 * Hour, "b"), Event(RunEventKind.Success, 12 * Hour + 60, "b"), Event(RunEventKind.Success, 24 * Hour)).ShouldBe((status, cause));

    [Theory]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-13")]
    [InlineData(2 * Hour,      JobStatus.Attention, Cause.TooMany)]
    [InlineData(21 * Hour - 1, JobStatus.Attention, Cause.TooMany)]
    [InlineData(21 * Hour,     JobStatus.Good,      Cause.None)]
    public void Too_many_runs_need_attention(int second, JobStatus status, Cause cause) =>
        Look(TwiceADay, second, Event(RunEventKind.Success, 0), Event(RunEventKind.Success, Hour), Event(RunEventKind.Success, 2 * Hour)).ShouldBe((status, cause));

    [Fact]
    public void The_reason_of_a_count_says_what_came()
    {
        var state = Apply(TwiceADay, Event(RunEventKind.Success, 0), Event(RunEventKind.Success, 12 * Hour), Event(RunEventKind.Success, 24 * Hour));

        JobOutlook.At(TwiceADay, state, Start.AddHours(39)).Reason.ShouldBe("Too few: got 1 of 2±0 in the last 24 h, last 21 Nov 10:00, expected by 01:00.");
    }

    [Fact]
    public void A_count_that_changes_begins_anew()
    {
        var row = new JobRow("main", EveryTenMinutes, Apply(EveryTenMinutes, Event(RunEventKind.Success, 0)), null).Redefined(TwiceADay, Start.AddHours(1));

        JobOutlook.At(row.Job, row.State, Start.AddHours(28).AddMilliseconds(-1)).Cause.ShouldBe(Cause.None);
        JobOutlook.At(row.Job, row.State, Start.AddHours(28)).Cause.ShouldBe(Cause.TooFew);
        row.Redefined(TwiceADay with { Severity = Severity.Info }, Start.AddHours(2)).State.Arrivals.ShouldBe(row.State.Arrivals);
    }

    [Fact]
    public void A_count_that_was_paused_owes_one_window_after_it()
    {
        var resumed = TwiceADay with { ResumedAt = Start.AddHours(100) };

        Look(resumed, 127 * Hour - 1, Event(RunEventKind.Success, 0)).Cause.ShouldBe(Cause.None);
        Look(resumed, 127 * Hour, Event(RunEventKind.Success, 0)).Cause.ShouldBe(Cause.TooFew);
    }

    [Theory]
    [InlineData(600, 630, JobStatus.Good,    Cause.None)]
    [InlineData(600, 660, JobStatus.Good,    Cause.None)]
    [InlineData(600, 661, JobStatus.Warning, Cause.StartLate)]
    [InlineData(650, 661, JobStatus.Good,    Cause.None)]
    public void A_run_that_starts_later_than_it_was_scheduled(int scheduled, int started, JobStatus status, Cause cause) =>
        Look(StartsWithinAMinute, started, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, started, "a") with { ScheduledAt = At(scheduled) }).ShouldBe((status, cause));

    [Theory]
    [InlineData(660, JobStatus.Good)]
    [InlineData(661, JobStatus.Warning)]
    public void The_schedule_itself_says_when_a_run_should_start(int started, JobStatus status) =>
        Look(StartsWithinAMinute, started, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, started, "a")).Status.ShouldBe(status);

    [Fact]
    public void A_run_that_has_not_started_in_time_is_seen_before_it_does()
    {
        var state = Apply(StartsWithinAMinute, Event(RunEventKind.Success, 0));

        JobOutlook.At(StartsWithinAMinute, state, Start.AddSeconds(600)).NextLook.ShouldBe(Start.AddSeconds(660));
        JobOutlook.At(StartsWithinAMinute, state, Start.AddSeconds(660)).Cause.ShouldBe(Cause.StartLate);
        JobOutlook.At(StartsWithinAMinute, state, Start.AddSeconds(660)).Reason.ShouldBe("Has not started; was due 10:10:00 UTC, allowed are 1 min.");
        JobOutlook.At(StartsWithinAMinute, state, Start.AddSeconds(720)).Cause.ShouldBe(Cause.Overdue);
    }

    [Fact]
    public void A_late_start_is_over_with_the_next_that_is_not()
    {
        Look(StartsWithinAMinute, 900, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, 700, "a"), Event(RunEventKind.Success, 710, "a")).Cause.ShouldBe(Cause.StartLate);
        Look(StartsWithinAMinute, 1320, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, 700, "a"), Event(RunEventKind.Success, 710, "a"), Event(RunEventKind.Start, 1310, "b")).Cause.ShouldBe(Cause.None);
    }

    [Theory]
    [InlineData(29, JobStatus.Attention, Cause.TooShort)]
    [InlineData(30, JobStatus.Good,      Cause.None)]
    public void A_run_that_ends_sooner_than_it_can_did_no_work(int seconds, JobStatus status, Cause cause)
    {
        var job = EveryTenMinutes with { Budgets = new Budgets(TooShort: TimeSpan.FromSeconds(30)) };

        Look(job, 100, Event(RunEventKind.Start, 50, "a"), Event(RunEventKind.Success, 50 + seconds, "a")).ShouldBe((status, cause));
        Look(job, 100, Event(RunEventKind.Success, 50) with { Duration = seconds * 1000 }).ShouldBe((status, cause));
        Look(job, 100, Event(RunEventKind.Success, 50)).Cause.ShouldBe(Cause.None);
    }

    [Fact]
    public void Reasons_of_budgets()
    {
        var job = EveryTenMinutes with { Budgets = new Budgets(TooShort: TimeSpan.FromSeconds(30), StartLate: TimeSpan.FromMinutes(1)) };

        JobOutlook.At(job, Apply(job, Event(RunEventKind.Success, 50) with { Duration = 2000 }), Start.AddSeconds(60)).Reason.ShouldBe(
            "Last run, ended 10:00:50 UTC, took 2 s; less than 30 s is too short to have done its work.");
        JobOutlook.At(job, Apply(job, Event(RunEventKind.Success, 0), Event(RunEventKind.Start, 700, "a")), Start.AddSeconds(710)).Reason.ShouldBe(
            "Last run started 10:11:40 UTC, 1 min 40 s after it was due at 10:10:00 UTC; allowed are 1 min.");
    }

    [Theory]
    [InlineData(2519, JobStatus.Good,      Cause.None)]
    [InlineData(7200, JobStatus.Good,      Cause.None)]
    [InlineData(7320, JobStatus.Attention, Cause.Overdue)]
    public void Nothing_is_owed_within_maintenance(int second, JobStatus status, Cause cause) =>
        Look(EveryTenMinutes with { Maintenance = [new SingleMaintenance(Start.AddSeconds(2300), Start.AddSeconds(7200))] }, second, Event(RunEventKind.Success, 1800)).ShouldBe((status, cause));

    [Theory]
    [InlineData(7199, Cause.None)]
    [InlineData(7200, Cause.Overdue)]
    public void A_deadline_within_maintenance_moves_to_its_end(int second, Cause cause) =>
        Look(EveryTenMinutes with { Maintenance = [new SingleMaintenance(Start.AddSeconds(2450), Start.AddSeconds(7200))] }, second, Event(RunEventKind.Success, 1800)).Cause.ShouldBe(cause);

    [Theory]
    [InlineData(7199, Cause.None)]
    [InlineData(7200, Cause.Stuck)]
    public void A_run_without_end_waits_for_the_end_of_maintenance(int second, Cause cause) =>
        Look(EveryTenMinutes with { Maintenance = [new SingleMaintenance(Start.AddSeconds(60), Start.AddSeconds(7200))] }, second, Event(RunEventKind.Start, 0, "a")).Cause.ShouldBe(cause);

    [Fact]
    public void Nobody_is_told_before_so_many_results_in_a_row_were_bad()
    {
        var job = EveryTenMinutes with { AlertAfter = 3 };
        RunEvent[] twice = [Event(RunEventKind.Fail, 10, "a"), Event(RunEventKind.Fail, 20, "b")];

        Told(job, 25, twice).ShouldBe((JobStatus.Attention, Cause.Failed, Cause.None));
        Told(job, 35, [.. twice, Event(RunEventKind.Fail, 30, "c")]).ShouldBe((JobStatus.Attention, Cause.Failed, Cause.Failed));
        Told(job, 45, [.. twice, Event(RunEventKind.Success, 30, "c"), Event(RunEventKind.Fail, 40, "d")]).ShouldBe((JobStatus.Attention, Cause.Failed, Cause.None));
        JobOutlook.At(job, Apply(job, twice), Start.AddSeconds(25)).Reason.ShouldBe("Last run failed at 10:00:20 UTC. Nobody is told before 3 bad results in a row.");
    }

    [Theory]
    [InlineData(1919, Cause.None)]
    [InlineData(1920, Cause.Overdue)]
    public void Every_arrival_that_does_not_come_is_a_bad_result(int second, Cause told) =>
        Told(EveryTenMinutes with { AlertAfter = 3 }, second, Event(RunEventKind.Success, 0)).ShouldBe((JobStatus.Attention, Cause.Overdue, told));

    [Fact]
    public void A_job_that_declares_one_time_is_told_when_that_is_missed() =>
        Told(EveryTenMinutes with { AlertAfter = 3, Schedule = new DeclaredSchedule(TimeSpan.FromMinutes(2)) }, 720, Event(RunEventKind.Success, 0) with { NextAt = At(600) })
            .ShouldBe((JobStatus.Attention, Cause.Overdue, Cause.Overdue));

    [Fact]
    public void A_state_with_counts_and_budgets_survives_its_row()
    {
        var job = TwiceADay with { Budgets = new Budgets(StartLate: TimeSpan.FromSeconds(1), TooShort: TimeSpan.FromHours(1)) };
        var state = Apply(job, Event(RunEventKind.Start, 0, "a") with { ScheduledAt = At(-100) }, Event(RunEventKind.Success, 10, "a"));
        state.SilencedBy = "Database";
        var row = new Watchdesk.Clients.TableRow("p", "r");
        JobStateCodec.Write(state, row, all: true);
        var read = JobStateCodec.Read(row);

        (read.LastStartAt, read.LastStartDue, read.LastEndDuration, read.BadInARow, read.SilencedBy).ShouldBe((At(0), At(-100), 10_000, 1, "Database"));
        ArrivalsCodec.Write(read.Arrivals).ShouldBe(ArrivalsCodec.Write(state.Arrivals));
        read.ArrivalsChanged.ShouldBeFalse();
    }

    static Job StartsWithinAMinute => EveryTenMinutes with { Budgets = new Budgets(StartLate: TimeSpan.FromMinutes(1)) };

    static (JobStatus Status, Cause Cause) Look(Job job, int second, params RunEvent[] events)
    {
        var outlook = JobOutlook.At(job, Apply(job, events), Start.AddSeconds(second));
        return (outlook.Status, outlook.Cause);
    }

    static (JobStatus Status, Cause Cause, Cause Told) Told(Job job, int second, params RunEvent[] events)
    {
        var state = Apply(job, events);
        JobSettling.SettleUntil(job, state, Start.AddSeconds(second));
        var outlook = JobOutlook.At(job, state, Start.AddSeconds(second));
        return (outlook.Status, outlook.Cause, state.Cause);
    }

    static JobState Apply(Job job, params RunEvent[] events)
    {
        var row = JobRow.New("main", job);
        foreach (var e in events)
        {
            ApplyEvents.Apply(row, e);
        }

        return row.State;
    }

    static long At(int second) => Start.AddSeconds(second).ToUnixTimeMilliseconds();

    static RunEvent Event(RunEventKind kind, int second, string? run = null) => new($"{second:D32}", "0193", kind, At(second), At(second), run);
}
