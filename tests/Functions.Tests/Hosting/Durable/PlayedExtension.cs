using Google.Protobuf.WellKnownTypes;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>Runs one orchestrator to its end with the rules of a turn and no storage: what a test brings is what arrives.</summary>
sealed class PlayedExtension(Func<OrchestrationContext, Task<string?>> code)
{
    readonly List<HistoryEvent> history = [];
    DurableInstance instance = new("main:1", "Sample", "e1e2e3e4f5", OrchestrationStatus.Pending, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    public DateTimeOffset Now { get; set; } = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);

    public DurableInstance Instance => instance;

    /// <summary>Actions that were asked for and are not answered.</summary>
    public List<OrchestratorAction> Open { get; } = [];

    /// <summary>Every turn as it was sent and answered.</summary>
    public List<(OrchestratorRequest Request, OrchestratorResponse Answer)> Turns { get; } = [];

    public PlayedExtension Start(string input = "\"x\"")
    {
        Deliver(Turn.StartedEvent(instance, DurableJson.Start(input, 1), Now));
        return this;
    }

    public OrchestratorResponse Deliver(params IReadOnlyList<HistoryEvent> events)
    {
        Now += TimeSpan.FromSeconds(1);
        var request = Turn.Request(instance, history, [.. events.Select((arrived, n) => new Arrival($"{n}", Now, arrived))], Now);
        var answer = new Replay(request, code).Run();
        Turns.Add((request.Clone(), answer.Clone()));
        var outcome = Turn.Apply(instance, request, answer, "e9", Now);
        instance = outcome.Next;
        history.AddRange(outcome.Appended);
        Open.AddRange(answer.Actions.Where(action => action.KindCase is not (OrchestratorAction.KindOneofCase.CompleteOrchestration or OrchestratorAction.KindOneofCase.SendEvent)));
        return answer;
    }

    /// <summary>The completion of an open action.</summary>
    public HistoryEvent Complete(OrchestratorAction action, string valueJson = "\"done\"")
    {
        Open.Remove(action);
        return action.KindCase switch
        {
            OrchestratorAction.KindOneofCase.CreateTimer => Fire(action),
            OrchestratorAction.KindOneofCase.CreateSubOrchestration => new HistoryEvent { EventId = -1, SubOrchestrationCompleted = new TaskCompleted { TaskScheduledId = action.Id, Result = valueJson } },
            _ => new HistoryEvent { EventId = -1, TaskCompleted = new TaskCompleted { TaskScheduledId = action.Id, Result = DurableJson.Write(DurableJson.Result(valueJson), SampleJson.Default.String) } },
        };
    }

    /// <summary>Also moves the clock to its time.</summary>
    HistoryEvent Fire(OrchestratorAction action)
    {
        var at = action.CreateTimer.FireAt.ToDateTimeOffset();
        Now = at > Now ? at : Now;
        return new HistoryEvent { EventId = -1, TimerFired = new TimerFired { TimerId = action.Id, FireAt = Timestamp.FromDateTimeOffset(at) } };
    }

    public static HistoryEvent Raise(string name, string json = "\"yes\"") => new() { EventId = -1, EventRaised = new EventRaised { Name = name, Input = json } };

    public static HistoryEvent Fail(OrchestratorAction action, TaskFailure failure) =>
        new() { EventId = -1, TaskCompleted = new TaskCompleted { TaskScheduledId = action.Id, Result = DurableJson.Write(DurableJson.Error(failure), SampleJson.Default.String) } };
}
