using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Heartbeats;

[Trait("Demand", "S0-3")]
public class JobOutlookTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z");

    static readonly Job EveryTenMinutes = new(
        "0193", "Backup", "backup", Guid.Empty.ToString(), Severity.Critical, new PeriodSchedule(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2)),
        Budgets.None, [], null, [], Start);

    [Theory]
    [InlineData(0, JobStatus.New, Cause.None)]
    [InlineData(10_000, JobStatus.New, Cause.None)]
    public void A_job_that_was_never_heard_of_is_new_however_long(int second, JobStatus status, Cause cause) =>
        Look(EveryTenMinutes, second).ShouldBe((status, cause));

    [Theory]
    [InlineData(1, JobStatus.Good, Cause.None)]
    [InlineData(600, JobStatus.Good, Cause.None)]
    [InlineData(601, JobStatus.Warning, Cause.None)]
    [InlineData(719, JobStatus.Warning, Cause.None)]
    [InlineData(720, JobStatus.Attention, Cause.Overdue)]
    [InlineData(99_999, JobStatus.Attention, Cause.Overdue)]
    [Trait("Demand", "S0-1")]
    public void A_period_is_late_after_it_and_overdue_after_its_grace(int second, JobStatus status, Cause cause) =>
        Look(EveryTenMinutes, second, Event(RunEventKind.Success, 0)).ShouldBe((status, cause));

    [Theory]
    [InlineData(119, JobStatus.Good, Cause.None)]
    [InlineData(120, JobStatus.Attention, Cause.Stuck)]
    [Trait("Demand", "S0-1")]
    public void A_run_without_end_is_stuck_after_grace(int second, JobStatus status, Cause cause) =>
        Look(EveryTenMinutes, second, Event(RunEventKind.Start, 0, "a")).ShouldBe((status, cause));

    [Theory]
    [InlineData(299, JobStatus.Good, Cause.None)]
    [InlineData(300, JobStatus.Attention, Cause.Stuck)]
    public void A_budget_takes_the_place_of_grace(int second, JobStatus status, Cause cause) =>
        Look(EveryTenMinutes with { Budgets = new Budgets(TooLong: TimeSpan.FromMinutes(5)) }, second, Event(RunEventKind.Start, 0, "a")).ShouldBe((status, cause));

    [Fact]
    public void Every_concurrent_run_is_watched_not_only_the_latest() =>
        Look(EveryTenMinutes, 200, Event(RunEventKind.Start, 0, "stuck"), Event(RunEventKind.Start, 100, "b"), Event(RunEventKind.Success, 190, "b"))
            .ShouldBe((JobStatus.Attention, Cause.Stuck));

    [Fact]
    public void A_failed_last_run_needs_attention_until_one_succeeds()
    {
        Look(EveryTenMinutes, 20, Event(RunEventKind.Fail, 10, "a")).ShouldBe((JobStatus.Attention, Cause.Failed));
        Look(EveryTenMinutes, 40, Event(RunEventKind.Fail, 10, "a"), Event(RunEventKind.Success, 30, "b")).ShouldBe((JobStatus.Good, Cause.None));
    }

    [Fact]
    public void A_declared_time_is_owed_from_the_declaration_on_even_by_a_new_job()
    {
        var job = EveryTenMinutes with { Schedule = new DeclaredSchedule(TimeSpan.FromMinutes(2)) };
        var declared = Event(RunEventKind.Log, 0) with { NextAt = Start.AddSeconds(60).ToUnixTimeMilliseconds() };

        Look(job, 50, declared).ShouldBe((JobStatus.New, Cause.None));
        Look(job, 180, declared).ShouldBe((JobStatus.Attention, Cause.Overdue));
        Look(job, 99_999, declared, Event(RunEventKind.Success, 61) with { NextAt = 0 }).ShouldBe((JobStatus.Good, Cause.None));
    }

    [Fact]
    public void A_paused_job_owes_nothing_and_after_a_snooze_counts_from_its_end()
    {
        Look(EveryTenMinutes with { IsPaused = true }, 99_999, Event(RunEventKind.Success, 0)).ShouldBe((JobStatus.Paused, Cause.None));
        var snoozed = EveryTenMinutes with { IsPaused = true, SnoozedUntil = Start.AddSeconds(5000) };
        Look(snoozed, 4999, Event(RunEventKind.Success, 0)).ShouldBe((JobStatus.Paused, Cause.None));
        Look(snoozed, 5600, Event(RunEventKind.Success, 0)).ShouldBe((JobStatus.Good, Cause.None));
        Look(snoozed, 5720, Event(RunEventKind.Success, 0)).ShouldBe((JobStatus.Attention, Cause.Overdue));
    }

    [Fact]
    public void Misfires_above_their_share_are_a_warning()
    {
        RunEvent[] runs = [.. Enumerable.Range(0, 20).Select(n => Event(RunEventKind.Success, n, $"run{n}"))];
        Look(EveryTenMinutes, 30, [.. runs, Misfire(5), Misfire(6)]).ShouldBe((JobStatus.Good, Cause.None));
        Look(EveryTenMinutes, 30, [.. runs, Misfire(5), Misfire(6), Misfire(7)]).ShouldBe((JobStatus.Warning, Cause.Misfires));

        static RunEvent Misfire(int second) => Event(RunEventKind.Misfire, second);
    }

    [Fact]
    public void A_run_far_outside_the_others_is_a_warning_after_thirty_runs()
    {
        RunEvent[] runs = [.. Enumerable.Range(0, 30).Select(n => Event(RunEventKind.Success, n, $"run{n}") with { Duration = 10_000 + n })];
        Look(EveryTenMinutes, 40, [.. runs, Event(RunEventKind.Success, 31, "x") with { Duration = 15_000 }]).ShouldBe((JobStatus.Good, Cause.None));
        Look(EveryTenMinutes, 40, [.. runs, Event(RunEventKind.Success, 31, "x") with { Duration = 17_000 }]).ShouldBe((JobStatus.Warning, Cause.Duration));
        Look(EveryTenMinutes, 40, [.. runs, Event(RunEventKind.Success, 31, "x") with { Duration = 3_000 }]).ShouldBe((JobStatus.Warning, Cause.Duration));
    }

    [Fact]
    public void The_reason_says_since_when_and_what_was_expected()
    {
        var (job, state) = (EveryTenMinutes, Apply(EveryTenMinutes, Event(RunEventKind.Success, 0)));

        JobOutlook.At(job, state, Start.AddMinutes(20)).Reason.ShouldBe(
            "Nothing since 10:00:00 UTC; was due 10:10:00 UTC, grace ended 10:12:00 UTC (every 10 min, grace 2 min).");
        JobOutlook.At(job, Apply(job, Event(RunEventKind.Start, 0, "a") with { Host = "web01" }), Start.AddDays(1)).Reason.ShouldBe(
            "Run started 20 Nov 2026 10:00:00 UTC on web01 has not ended; grace 2 min passed at 20 Nov 2026 10:02:00 UTC.");
    }

    [Fact]
    public void More_than_four_changes_in_ten_runs_is_flapping_while_it_is_good()
    {
        var state = new JobState { SettledAt = Start.ToUnixTimeMilliseconds() };
        var turns = new List<(Cause Cause, long Turn)>();
        for (var n = 0; n < 10; n++)
        {
            ApplyEvents.Apply(new JobRow("main", EveryTenMinutes, state, null), Event(n % 2 == 0 ? RunEventKind.Fail : RunEventKind.Success, n * 10, $"run{n}"));
            turns.Add((state.Cause, state.Turn));
        }

        turns[3].ShouldBe((Cause.None, 4));
        turns[4..].ShouldBe([(Cause.Failed, 5), (Cause.Flapping, 6), (Cause.Failed, 7), (Cause.Flapping, 8), (Cause.Failed, 9), (Cause.Flapping, 10)]);
        for (var n = 10; n < 21; n++)
        {
            ApplyEvents.Apply(new JobRow("main", EveryTenMinutes, state, null), Event(RunEventKind.Success, n * 10, $"run{n}"));
        }

        state.Cause.ShouldBe(Cause.None);
    }

    [Fact]
    public void A_buffered_failure_from_before_the_recovery_does_not_alarm_again()
    {
        var state = Apply(EveryTenMinutes, Event(RunEventKind.Success, 0), Event(RunEventKind.Success, 2000));
        state.Turn.ShouldBe(2);

        ApplyEvents.Apply(new JobRow("main", EveryTenMinutes, state, null), Event(RunEventKind.Fail, 1500, "late") with { ReceivedAt = At(2100) });

        (state.Cause, state.Failures).ShouldBe((Cause.None, 1));
    }

    [Fact]
    [Trait("Demand", "S3-22")]
    public void The_state_does_not_depend_on_when_somebody_looked() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Stories, looks.ToArbitrary(), (story, at) =>
        {
            var (plain, watched) = (new JobState { SettledAt = At(0) }, new JobState { SettledAt = At(0) });
            foreach (var e in story)
            {
                ApplyEvents.Apply(new JobRow("main", EveryTenMinutes, plain, null), e);
                foreach (var look in at.Where(second => At(second) > watched.SettledAt && At(second) < e.ReceivedAt).Order())
                {
                    JobSettling.SettleUntil(EveryTenMinutes, watched, Start.AddSeconds(look));
                }

                ApplyEvents.Apply(new JobRow("main", EveryTenMinutes, watched, null), e);
            }

            (watched.Cause, watched.Since, watched.Turn, watched.BaseCause).ShouldBe((plain.Cause, plain.Since, plain.Turn, plain.BaseCause));
        }));

    [Fact]
    public void The_next_look_lies_ahead_and_nothing_changes_before_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Stories, story =>
        {
            var state = Apply(EveryTenMinutes, story);
            var now = JobOutlook.Instant(state.SettledAt);
            var outlook = JobOutlook.At(EveryTenMinutes, state, now);
            if (outlook.NextLook is { } look)
            {
                look.ShouldBeGreaterThan(now);
                JobOutlook.At(EveryTenMinutes, state, look.AddMilliseconds(-1)).Cause.ShouldBe(outlook.Cause);
            }
        }));

    static readonly Gen<int[]> looks = Gen.ArrayOf(Gen.Choose(1, 6000));

    static Arbitrary<RunEvent[]> Stories => Arb.From(
        from events in Gen.ArrayOf(
            from kind in Gen.Choose(0, 4)
            from second in Gen.Choose(1, 6000)
            from run in Gen.Choose(0, 10)
            select Event((RunEventKind)kind, second, run == 0 ? null : $"run{run}"))
        select events.OrderBy(e => e.At).ToArray());

    static (JobStatus Status, Cause Cause) Look(Job job, int second, params RunEvent[] events)
    {
        var outlook = JobOutlook.At(job, Apply(job, events), Start.AddSeconds(second));
        return (outlook.Status, outlook.Cause);
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
