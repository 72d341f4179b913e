using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Tests.Hosting.Durable;

public sealed class ReplayTests
{
    static readonly Activity<string, string> A = new("A", SampleJson.Default.String, SampleJson.Default.String);
    static readonly Activity<string, string> B = new("B", SampleJson.Default.String, SampleJson.Default.String);
    static readonly ExternalEvent<string> Yes = new("Yes", SampleJson.Default.String);

    [Fact]
    public void Only_the_context_may_be_awaited()
    {
        Failure(async (_, _) => { await new TaskCompletionSource().Task; return ""; }).ErrorType.ShouldBe("ForeignAwaitException");
        Failure(async (_, _) => { await Task.Yield(); await Task.Run(() => { }); await new TaskCompletionSource().Task; return ""; }).ErrorMessage.ShouldContain("not of its context");
        Failure(async (context, input) => await Task.Run(() => context.CallAsync(A, input)).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System)).ErrorType.ShouldBe("ForeignAwaitException");
    }

    [Fact]
    public async Task The_context_refuses_another_thread()
    {
        OrchestrationContext? leaked = null;
        Played(async (context, input) => { leaked = context; return await context.CallAsync(A, input); }).Start();

        await Should.ThrowAsync<ForeignAwaitException>(() => leaked!.CallAsync(A, "x"));
        Should.Throw<ForeignAwaitException>(() => leaked!.NewGuid());
    }

    [Fact]
    public void Waits_grow_by_the_coefficient_up_to_the_longest()
    {
        var played = Played(async (context, input) => await context.CallAsync(A, input, new RetryPolicy(5, TimeSpan.FromSeconds(10), MaxDelay: TimeSpan.FromSeconds(25)))).Start();
        var waits = new List<double>();
        for (var attempt = 1; attempt < 5; attempt++)
        {
            var timer = played.Deliver(PlayedExtension.Fail(Take(played), new TaskFailure("Busy", "Later."))).Actions.ShouldHaveSingleItem();
            waits.Add((timer.CreateTimer.FireAt.ToDateTimeOffset() - played.Now).TotalSeconds);
            played.Deliver(played.Complete(timer)).Actions.ShouldHaveSingleItem().ScheduleTask.Input.ShouldContain($"\"attempt\":{attempt + 1},\"key\":\"main:1:e1e2e3e4:0\"");
        }

        waits.ShouldBe([10, 20, 25, 25]);
        played.Deliver(PlayedExtension.Fail(Take(played), new TaskFailure("Busy", "Later."))).Actions.ShouldHaveSingleItem().CompleteOrchestration.Failure.InnerFailure.ErrorType.ShouldBe("Busy");
    }

    [Theory]
    [InlineData("Busy",  1, 100, 10)]
    [InlineData("Busy",  2, 100, 20)]
    [InlineData("Busy",  3, 100, null)]
    [InlineData("Wrong", 1, 100, null)]
    [InlineData("Busy",  1,   5, null)]
    public void A_policy_says_when_there_is_another_try(string type, int attempt, int withinSeconds, int? seconds) =>
        new RetryPolicy(3, TimeSpan.FromSeconds(10), Within: TimeSpan.FromSeconds(withinSeconds), Handles: failure => failure.Type == "Busy")
            .DelayAfter(attempt, new TaskFailure(type, ""), TimeSpan.Zero).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    [Fact]
    public void A_timer_of_a_week_is_three_and_ends_at_its_time()
    {
        var played = Played(async (context, _) => { await context.DelayAsync(TimeSpan.FromDays(7)); return $"{context.CurrentUtcTime:yyyy-MM-dd}"; }).Start();

        for (var timer = 0; timer < 3; timer++)
        {
            played.Instance.IsFinished.ShouldBeFalse();
            played.Deliver(played.Complete(Take(played)));
        }

        played.Instance.Output.ShouldBe("\"2026-12-03\"");
    }

    [Fact]
    public void An_event_that_came_before_it_was_awaited_needs_no_timer_and_names_have_no_case()
    {
        var played = Played(async (context, input) =>
        {
            await context.CallAsync(A, input);
            return (await context.WaitForAsync(Yes, TimeSpan.FromHours(1))).Value!;
        }).Start();

        played.Deliver(PlayedExtension.Raise("YES"), played.Complete(Take(played))).Actions.ShouldHaveSingleItem().CompleteOrchestration.Result.ShouldBe("\"yes\"");
    }

    [Fact]
    public void Events_go_to_who_waited_first_and_a_deadline_gives_its_place_up()
    {
        var played = Played(async (context, _) =>
        {
            var first = await context.WaitForAsync(Yes, TimeSpan.FromSeconds(10));
            return $"{first.HasCome} {await context.WaitForAsync(Yes)}";
        }).Start();

        played.Deliver(played.Complete(Take(played)));
        played.Deliver(PlayedExtension.Raise("Yes"));

        played.Instance.Output.ShouldBe("\"False yes\"");
    }

    [Fact]
    public void Ids_of_the_context_are_the_same_at_every_replay()
    {
        var seen = new List<string>();
        var played = Played(async (context, input) =>
        {
            seen.Add($"{context.NewGuid()} {context.NewGuid()}");
            await context.CallAsync(A, input);
            return "";
        }).Start();
        played.Deliver(played.Complete(Take(played)));

        seen.Count.ShouldBe(2);
        seen[0].ShouldBe(seen[1]);
        seen[0].Split(' ').Distinct().Count().ShouldBe(2);
        seen[0][14].ShouldBe('5');
    }

    [Fact]
    public void An_instance_keeps_the_version_that_it_was_started_with()
    {
        var played = Played(async (context, input) => context.Version < 2 ? await context.CallAsync(A, input) : await context.CallAsync(B, input)).Start();

        played.Turns[0].Answer.Actions.ShouldHaveSingleItem().ScheduleTask.Name.ShouldBe("A");
    }

    [Fact]
    public void Changed_code_is_named_by_what_was_expected_and_what_came()
    {
        var isNew = false;
        var played = Played(async (context, input) =>
        {
            if (isNew)
            {
                await context.DelayAsync(TimeSpan.FromSeconds(1));
            }

            return await context.CallAsync(A, input);
        }).Start();
        isNew = true;

        var failure = played.Deliver(played.Complete(Take(played))).Actions.ShouldHaveSingleItem().CompleteOrchestration.Failure;

        failure.ErrorType.ShouldBe("NonDeterministicOrchestration");
        failure.ErrorMessage.ShouldContain("Action 0: the history expects ScheduleTask \"A\", the code came with CreateTimer.");
    }

    [Fact]
    public void Code_that_leaves_an_action_out_is_named_too()
    {
        var isNew = false;
        var played = Played(async (context, input) => isNew ? "at once" : await context.CallAsync(A, input)).Start();
        isNew = true;

        played.Deliver(played.Complete(Take(played))).Actions.ShouldHaveSingleItem().CompleteOrchestration.Failure.ErrorMessage.ShouldContain("the code came with nothing");
    }

    [Fact]
    public void Calls_that_nobody_awaits_are_not_lost_by_continuing_as_new() => Failure((context, input) =>
    {
        _ = context.CallAsync(A, input);
        context.ContinueAsNew(input, SampleJson.Default.String);
        return Task.FromResult("");
    }).ErrorMessage.ShouldContain("not awaited");

    [Fact]
    public void A_status_has_a_limit() => Failure((context, _) =>
    {
        context.SetStatus(new string('x', 10_000), SampleJson.Default.String);
        return Task.FromResult("");
    }).ErrorMessage.ShouldContain("at most 16384 bytes");

    [Fact]
    public void An_id_of_a_child_stays_short_however_deep_it_is()
    {
        var child = new Orchestration<string, string>("Child", SampleJson.Default.String, SampleJson.Default.String);
        var started = new ExecutionStarted { Name = "Sample", OrchestrationInstance = new OrchestrationInstance { ExecutionId = "e1e2e3e4f5" }, Input = DurableJson.Start("\"x\"", 1) };
        var request = new OrchestratorRequest { InstanceId = "main:" + new string('a', 95), NewEvents = { new HistoryEvent { ExecutionStarted = started } } };

        var id = new Replay(request, GoldenOrchestrations.Code(async (context, input) => await context.CallAsync(child, input))).Run().Actions.ShouldHaveSingleItem().CreateSubOrchestration.InstanceId;

        id.ShouldStartWith("main:");
        WorkItem.IsInstanceId(id).ShouldBeTrue();
    }

    static OrchestratorAction Take(PlayedExtension played)
    {
        var action = played.Open[0];
        played.Open.RemoveAt(0);
        return action;
    }

    static PlayedExtension Played(Func<OrchestrationContext, string, Task<string>> run) => new(GoldenOrchestrations.Code(run));

    static FailureDetails Failure(Func<OrchestrationContext, string, Task<string>> run)
    {
        var end = Played(run).Start().Turns[0].Answer.Actions.ShouldHaveSingleItem();
        end.KindCase.ShouldBe(Kind.CompleteOrchestration);
        return end.CompleteOrchestration.Failure;
    }
}
