using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;

namespace Watchdesk.Tests.Heartbeats;

public class JobStateTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z");

    [Fact]
    public void A_run_with_an_id_is_timed_from_its_own_start()
    {
        var state = Apply(Event(RunEventKind.Start, 0, "a"), Event(RunEventKind.Start, 10, "b"), Event(RunEventKind.Success, 70, "a"));

        state.Open.Select(run => run.Key).ShouldBe([RunKey.Of("b")]);
        state.EndedNewestFirst().Single().Duration.ShouldBe(70_000);
        state.Occurrences.ShouldBe(2);
    }

    [Fact]
    public void An_anonymous_end_closes_the_oldest_anonymous_run_and_no_other()
    {
        var state = Apply(Event(RunEventKind.Start, 0), Event(RunEventKind.Start, 5, "a"), Event(RunEventKind.Start, 10), Event(RunEventKind.Success, 30));

        state.Open.Select(run => run.StartedAt).ShouldBe([At(5), At(10)]);
        state.EndedNewestFirst().Single().Duration.ShouldBe(30_000);
    }

    [Theory]
    [InlineData(RunEventKind.Start)]
    [InlineData(RunEventKind.Success)]
    [InlineData(RunEventKind.Fail)]
    public void A_repeated_event_of_a_run_changes_nothing(RunEventKind kind)
    {
        RunEvent[] story = [Event(RunEventKind.Start, 0, "a"), Event(kind, 10, "a")];
        var once = Apply(story);
        var twice = Apply([.. story, Event(kind, 10, "a"), Event(RunEventKind.Start, 0, "a")]);

        Bytes(twice).ShouldBe(Bytes(once));
    }

    [Theory]
    [InlineData(RunEventKind.Start)]
    [InlineData(RunEventKind.Success)]
    public void A_run_that_comes_again_after_two_thousand_others_is_still_known(RunEventKind kind)
    {
        RunEvent[] story = [.. Enumerable.Range(0, 2000).Select(n => Event(RunEventKind.Success, n, $"run{n}"))];

        var state = Apply([.. story, Event(kind, 2000, "run0")]);

        (state.Occurrences, state.Successes, state.Open.Count).ShouldBe((2000, 2000, 0));
    }

    [Fact]
    public void A_start_that_comes_after_its_end_completes_the_run()
    {
        var state = Apply(Event(RunEventKind.Success, 70, "a"), Event(RunEventKind.Start, 10, "a"));

        state.Open.ShouldBeEmpty();
        state.Occurrences.ShouldBe(1);
        state.EndedNewestFirst().Single().Duration.ShouldBe(60_000);
    }

    [Fact]
    public void The_hundred_and_first_open_run_gives_up_the_oldest()
    {
        var state = Apply([.. Enumerable.Range(0, 101).Select(n => Event(RunEventKind.Start, n, $"run{n}"))]);

        state.Open.Count.ShouldBe(100);
        state.Lost.ShouldBe(1);
        state.EndedNewestFirst().Single().Outcome.ShouldBe(RunOutcome.Lost);
    }

    [Fact]
    public void The_end_of_a_run_that_was_given_up_still_counts()
    {
        var story = Enumerable.Range(0, 101).Select(n => Event(RunEventKind.Start, n, $"run{n}")).Append(Event(RunEventKind.Success, 200, "run0"));
        var state = Apply([.. story]);

        state.Lost.ShouldBe(0);
        state.Successes.ShouldBe(1);
        state.Occurrences.ShouldBe(101);
        state.EndedNewestFirst().Single().Duration.ShouldBe(200_000);
    }

    [Fact]
    public void A_time_more_than_five_minutes_ahead_is_the_time_of_receipt()
    {
        RunEvent.Believe(At(301), At(0)).ShouldBe((At(0), true));
        RunEvent.Believe(At(299), At(0)).ShouldBe((At(0), false));
        RunEvent.Believe(At(-50), At(0)).ShouldBe((At(-50), false));
        RunEvent.Believe(null, At(7)).ShouldBe((At(7), false));
    }

    [Fact]
    public void Only_what_changed_is_written()
    {
        var state = Apply([.. Enumerable.Range(0, 35).Select(n => Event(RunEventKind.Success, n, $"run{n}"))]);
        JobStateCodec.MarkWritten(state);
        ApplyRunEvent.Apply(Watched, state, Event(RunEventKind.Success, 100, "more"));

        var row = new TableRow("p", "r");
        JobStateCodec.Write(state, row);

        row.Values.Keys.ShouldBe(["S", "R3", "K0"], ignoreOrder: true);
    }

    [Fact]
    public void A_state_survives_its_row_whatever_happened_to_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Stories, story =>
        {
            var state = Apply([.. story]);
            var row = new TableRow("p", "r");
            JobStateCodec.Write(state, row, all: true);
            Bytes(JobStateCodec.Read(row)).ShouldBe(Bytes(state));
        }));

    [Fact]
    public void Counters_do_not_depend_on_repeats_or_order_of_delivery() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Stories, Arb.From(Gen.Choose(0, int.MaxValue)), (story, seed) =>
        {
            RunEvent[] distinct = [.. story.Where(e => e.RunId is not null && e.Kind is RunEventKind.Start or RunEventKind.Success).DistinctBy(e => (e.RunId, e.Kind)).Take(90)];
            var shuffled = distinct.Concat(distinct).ToArray();
            new Random(seed).Shuffle(shuffled);

            var (straight, mixed) = (Apply(distinct), Apply(shuffled));

            (mixed.Occurrences, mixed.Successes, mixed.Open.Count).ShouldBe((straight.Occurrences, straight.Successes, straight.Open.Count));
        }));

    static Arbitrary<RunEvent[]> Stories => Arb.From(Gen.ArrayOf(
        from kind in Gen.Choose(0, 5)
        from second in Gen.Choose(0, 5000)
        from run in Gen.Choose(0, 60)
        from host in Gen.Elements("", "web01", new string('h', 80), "ü")
        select Event((RunEventKind)kind, second, run == 0 ? null : $"run{run}") with { Host = host, ExitStatus = run }));

    static readonly Job Watched = NewJob.From(new JobRequest("Backup"), Start);

    static long At(int second) => Start.AddSeconds(second).ToUnixTimeMilliseconds();

    static RunEvent Event(RunEventKind kind, int second, string? run = null) => new($"{second:D32}", "job", kind, At(second), At(second), run);

    static JobState Apply(params RunEvent[] events)
    {
        var state = new JobState();
        foreach (var e in events)
        {
            ApplyRunEvent.Apply(Watched, state, e);
        }

        return state;
    }

    static string Bytes(JobState state)
    {
        var row = new TableRow("p", "r");
        JobStateCodec.Write(state, row, all: true);
        return string.Join('\n', row.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={Convert.ToHexString((byte[])value.Value)}"));
    }
}
