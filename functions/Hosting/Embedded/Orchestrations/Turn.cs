using Google.Protobuf.WellKnownTypes;
using Watchdesk.Hosting.Durable.Wire;
using Event = Watchdesk.Hosting.Durable.Wire.HistoryEvent.KindOneofCase;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>What follows from a turn.</summary>
/// <param name="Appended">To the history of this generation; empty when a new one begins.</param>
/// <param name="Actions">To be carried out once all this is written.</param>
/// <param name="Arrivals">For the next generation.</param>
sealed record TurnOutcome(DurableInstance Next, IReadOnlyList<HistoryEvent> Appended, IReadOnlyList<OrchestratorAction> Actions, IReadOnlyList<Arrival> Arrivals);

/// <summary>The rules of a turn (contract 11), without storage: what is sent, and what follows from the answer.</summary>
static class Turn
{
    public static OrchestratorRequest Request(DurableInstance instance, IReadOnlyList<HistoryEvent> history, IReadOnlyList<Arrival> taken, DateTimeOffset now)
    {
        var request = new OrchestratorRequest { InstanceId = instance.Id, PastEvents = { history } };
        request.NewEvents.Add(New(now, started: true));
        request.NewEvents.AddRange(taken.Select(arrival => arrival.Event));
        return request;
    }

    /// <summary>The number of the action that an event completes; null when it completes none.</summary>
    public static int? Completes(HistoryEvent arrived) => arrived.KindCase switch
    {
        Event.TaskCompleted => arrived.TaskCompleted.TaskScheduledId,
        Event.TaskFailed => arrived.TaskFailed.TaskScheduledId,
        Event.SubOrchestrationCompleted => arrived.SubOrchestrationCompleted.TaskScheduledId,
        Event.SubOrchestrationFailed => arrived.SubOrchestrationFailed.TaskScheduledId,
        Event.TimerFired => arrived.TimerFired.TimerId,
        _ => null,
    };

    /// <param name="instance">As it is leased.</param>
    public static TurnOutcome Apply(DurableInstance instance, OrchestratorRequest request, OrchestratorResponse answer, string nextExecution, DateTimeOffset now)
    {
        var events = request.NewEvents.ToList();
        var next = instance with
        {
            CustomStatus = answer.CustomStatus,
            UpdatedAt = now,
            Turns = instance.Turns + 1,
            Status = IsSuspended(request) ? OrchestrationStatus.Suspended : OrchestrationStatus.Running,
            Done = instance.DoneWith(events.Select(Completes).OfType<int>()),
        };
        var ends = answer.Actions.FirstOrDefault(action => action.KindCase == Kind.CompleteOrchestration)?.CompleteOrchestration;
        if (ends?.Status == OrchestrationStatus.ContinuedAsNew)
        {
            return Renew(next, request, ends, [.. answer.Actions.Where(action => action.KindCase == Kind.SendEvent)], nextExecution, now);
        }

        events.AddRange(answer.Actions.Select(action => Confirmation(action, now)).OfType<HistoryEvent>());
        events.Add(New(now, started: false));
        if (ends is not null)
        {
            next = next with { Status = ends.Status, Output = ends.Failure is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : ends.Result };
        }

        return new TurnOutcome(next, events, [.. answer.Actions.Where(action => action.KindCase != Kind.CompleteOrchestration || instance.Parent is not null)], []);
    }

    /// <summary>What the extension makes of a turn that was not answered as it must be: the end, for good (contract 6).</summary>
    public static OrchestratorResponse Lost(DurableInstance instance) => new()
    {
        InstanceId = instance.Id,
        CustomStatus = instance.CustomStatus,
        Actions =
        {
            new OrchestratorAction
            {
                Id = -1,
                CompleteOrchestration = new CompleteOrchestration
                {
                    Status = OrchestrationStatus.Failed,
                    Failure = new FailureDetails { ErrorType = "OrchestrationFailureException", ErrorMessage = $"Function '{instance.Name} (Orchestrator)' failed with an unhandled exception." },
                },
            },
        },
    };

    public static HistoryEvent StartedEvent(DurableInstance instance, string? input, DateTimeOffset now) => new()
    {
        EventId = -1,
        Timestamp = Timestamp.FromDateTimeOffset(now),
        ExecutionStarted = new ExecutionStarted
        {
            Name = instance.Name,
            Input = input,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.Id, ExecutionId = instance.ExecutionId },
            ParentInstance = instance.Parent,
        },
    };

    static TurnOutcome Renew(DurableInstance next, OrchestratorRequest request, CompleteOrchestration ends, IReadOnlyList<OrchestratorAction> actions, string execution, DateTimeOffset now)
    {
        next = next with { ExecutionId = execution, Done = [], Status = OrchestrationStatus.Running };
        var name = request.PastEvents.Concat(request.NewEvents).First(e => e.KindCase == Event.ExecutionStarted).ExecutionStarted.Name;
        var arrivals = new List<Arrival> { new(DurableKeys.Started(execution), now, StartedEvent(next with { Name = name }, ends.Result, now)) };
        arrivals.AddRange(ends.CarryoverEvents.Where(e => e.KindCase == Event.EventRaised).Select((carried, n) => new Arrival(DurableKeys.Event($"{execution}-{n:D6}"), now.AddTicks(n + 1), carried)));
        return new TurnOutcome(next, [], actions, arrivals);
    }

    /// <summary>No inputs of calls in the history: an orchestrator must not compare them.</summary>
    static HistoryEvent? Confirmation(OrchestratorAction action, DateTimeOffset now)
    {
        var confirmed = new HistoryEvent { EventId = action.Id, Timestamp = Timestamp.FromDateTimeOffset(now) };
        switch (action.KindCase)
        {
            case Kind.ScheduleTask:
                confirmed.TaskScheduled = new TaskScheduled { Name = action.ScheduleTask.Name, Version = action.ScheduleTask.Version };
                return confirmed;
            case Kind.CreateSubOrchestration:
                confirmed.SubOrchestrationCreated = new SubOrchestrationCreated { InstanceId = action.CreateSubOrchestration.InstanceId, Name = action.CreateSubOrchestration.Name };
                return confirmed;
            case Kind.CreateTimer:
                confirmed.TimerCreated = new TimerCreated { FireAt = action.CreateTimer.FireAt };
                return confirmed;
            case Kind.SendEvent:
                confirmed.EventSent = new EventSent { InstanceId = action.SendEvent.Instance.InstanceId, Name = action.SendEvent.Name, Input = action.SendEvent.Data };
                return confirmed;
            case Kind.CompleteOrchestration:
                var ends = action.CompleteOrchestration;
                confirmed.ExecutionCompleted = new ExecutionCompleted { Status = ends.Status, Result = ends.Result, Failure = ends.Failure };
                return confirmed;
            default:
                return null;
        }
    }

    static bool IsSuspended(OrchestratorRequest request) =>
        request.PastEvents.Concat(request.NewEvents).LastOrDefault(e => e.KindCase is Event.ExecutionSuspended or Event.ExecutionResumed)?.KindCase == Event.ExecutionSuspended;

    static HistoryEvent New(DateTimeOffset now, bool started)
    {
        var made = new HistoryEvent { EventId = -1, Timestamp = Timestamp.FromDateTimeOffset(now) };
        if (started)
        {
            made.OrchestratorStarted = new Hosting.Durable.Wire.Empty();
        }
        else
        {
            made.OrchestratorCompleted = new Hosting.Durable.Wire.Empty();
        }

        return made;
    }
}
