using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Tests.Support;
using Replay = Watchdesk.Hosting.Durable.Replay;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>Random orchestrators of calls, fan-outs, timers, children and events, against random orders of what comes back.</summary>
[Trait("Demand", "S3-9")]
public sealed class ReplayProperties
{
    static readonly Activity<string, string> Work = new("Work", SampleJson.Default.String, SampleJson.Default.String);
    static readonly Orchestration<string, string> Child = new("Child", SampleJson.Default.String, SampleJson.Default.String);
    static readonly ExternalEvent<string> Go = new("Go", SampleJson.Default.String);

    [Fact]
    public void Replaying_any_prefix_gives_the_same_actions() => ForAll((steps, seed) =>
    {
        var played = Run(steps, new Random(seed));
        var last = played.Turns[^1].Request;
        var history = last.PastEvents.Concat(last.NewEvents).ToList();
        foreach (var (request, answer) in played.Turns)
        {
            new Replay(request, Code(steps)).Run().ShouldBe(answer);

            // As a prefix of the whole history, all of it past.
            var prefix = new OrchestratorRequest { InstanceId = request.InstanceId, PastEvents = { history.Take(request.PastEvents.Count + request.NewEvents.Count) } };
            new Replay(prefix, Code(steps)).Run().ShouldBe(answer);
        }
    });

    [Fact]
    public void Any_order_of_completions_gives_the_same_result() => ForAll((steps, seed) =>
    {
        var (one, other) = (Run(steps, new Random(seed)), Run(steps, new Random(seed + 1)));

        one.Instance.Status.ShouldBe(OrchestrationStatus.Completed);
        other.Instance.Output.ShouldBe(one.Instance.Output);
    });

    static void ForAll(Action<IList<int>, int> holds)
    {
        var program = Gen.Choose(0, 9_999).ListOf().Zip(Gen.Choose(0, 1_000_000), (steps, seed) => (steps, seed));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Of(2_000)).WithEndSize(12), Prop.ForAll(program.ToArbitrary(), sample => holds([.. sample.steps], sample.seed)));
    }

    static Func<OrchestrationContext, Task<string?>> Code(IList<int> steps) => GoldenOrchestrations.Code(async (context, input) =>
    {
        var said = new List<string>();
        foreach (var step in steps)
        {
            said.Add((step % 6) switch
            {
                0 or 1 => await context.CallAsync(Work, input, new RetryPolicy(3, TimeSpan.FromSeconds(1))),
                2 => string.Join('+', await Task.WhenAll(Enumerable.Range(0, step / 6 % 6).Select(n => context.CallAsync(Work, $"{n}")))),
                3 => await SleepAsync(context, step / 6 % 5000),
                4 => await context.CallAsync(Child, input),
                _ => await context.WaitForAsync(Go),
            });
        }

        return string.Join('|', said);
    });

    static async Task<string> SleepAsync(OrchestrationContext context, int minutes)
    {
        await context.DelayAsync(TimeSpan.FromMinutes(minutes));
        return "slept";
    }

    /// <summary>What comes back depends on what was asked for and not on when: one call in five fails at its first try.</summary>
    static PlayedExtension Run(IList<int> steps, Random random)
    {
        var played = new PlayedExtension(Code(steps)).Start();
        for (var turn = 0; !played.Instance.IsFinished; turn++)
        {
            turn.ShouldBeLessThan(2000);
            var ready = played.Open.OrderBy(_ => random.Next()).Take(1 + random.Next(4)).Select(action => Answer(played, action)).ToList();
            ready.AddRange(ready.Where(_ => random.Next(5) == 0).ToList());
            if (ready.Count == 0 || random.Next(3) == 0)
            {
                ready.Add(PlayedExtension.Raise("go"));
            }

            played.Deliver(ready);
        }

        return played;
    }

    static HistoryEvent Answer(PlayedExtension played, OrchestratorAction action)
    {
        if (action.ScheduleTask?.Input.Contains("\"attempt\":1,", StringComparison.Ordinal) == true && action.Id % 5 == 3 && action.ScheduleTask.Input.Contains("\"value\":\"x\"", StringComparison.Ordinal))
        {
            played.Open.Remove(action);
            return PlayedExtension.Fail(action, new TaskFailure("Busy", "Later."));
        }

        return played.Complete(action, action.KindCase == OrchestratorAction.KindOneofCase.CreateSubOrchestration ? "\"child\"" : $"\"r{action.Id}\"");
    }
}
