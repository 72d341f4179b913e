using Watchdesk.Hosting.Durable.Wire;
using Event = Watchdesk.Hosting.Durable.Wire.HistoryEvent.KindOneofCase;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// One turn: gives the events of the history to the orchestrator one by one, on one thread, and collects the actions that
/// the history does not know yet. Pure: the same request gives the same response.
/// </summary>
sealed partial class Replay(OrchestratorRequest request, Func<OrchestrationContext, Task<string?>> code)
{
    const string WaitsOutside = "The orchestrator awaits something that is not of its context. Let an activity do I/O, and use the context for time, events and calls.";

    readonly TurnThread thread = new();
    readonly Queue<HistoryEvent> stash = new();
    Task<string?>? running;
    OrchestratorAction? end;
    bool isSuspended;

    public string InstanceId => request.InstanceId;

    public ActionLog Actions { get; } = new();

    public RaisedEvents Events { get; } = new();

    public DateTimeOffset Now { get; private set; }

    public bool IsReplaying { get; private set; }

    public string? CustomStatus { get; set; }

    /// <summary>Input of the next generation; null to end.</summary>
    public string? NextInput { get; set; }

    public OrchestratorResponse Run()
    {
        IsReplaying = true;
        foreach (var past in request.PastEvents)
        {
            Take(past);
        }

        IsReplaying = false;
        foreach (var arrived in request.NewEvents)
        {
            Take(arrived);
        }

        if (end is null && (thread.HasForeign || (running is not null && !isSuspended && !Actions.HasOpen && !Events.HasWaiters)))
        {
            FailWith(TaskFailure.From(new ForeignAwaitException(WaitsOutside)));
        }

        return Response();
    }

    /// <exception cref="ForeignAwaitException">The caller is not the orchestrator on its own thread.</exception>
    public void CheckThread()
    {
        if (!thread.IsCurrent)
        {
            throw new ForeignAwaitException(WaitsOutside);
        }
    }

    OrchestratorResponse Response()
    {
        var response = new OrchestratorResponse { InstanceId = request.InstanceId, CustomStatus = CustomStatus };
        if (!isSuspended || end is not null)
        {
            response.Actions.AddRange(Actions.Pending);
        }

        if (end is not null)
        {
            foreach (var raised in end.CompleteOrchestration.Status == OrchestrationStatus.ContinuedAsNew ? Events.Buffered : [])
            {
                end.CompleteOrchestration.CarryoverEvents.Add(new HistoryEvent { EventId = -1, EventRaised = raised });
            }

            response.Actions.Add(end);
        }

        return response;
    }

    void Take(HistoryEvent arrived)
    {
        if (end?.CompleteOrchestration.Status is OrchestrationStatus.Failed or OrchestrationStatus.Terminated)
        {
            return;
        }

        switch (arrived.KindCase)
        {
            case Event.ExecutionTerminated when end is null:
                Actions.DropAll();
                End(OrchestrationStatus.Terminated, arrived.ExecutionTerminated.Input, failure: null);
                break;
            case Event.ExecutionSuspended:
                isSuspended = true;
                break;
            case Event.ExecutionResumed:
                isSuspended = false;
                while (!isSuspended && stash.TryDequeue(out var kept))
                {
                    Take(kept);
                }

                break;
            default:
                if (isSuspended)
                {
                    stash.Enqueue(arrived);
                }
                else
                {
                    Apply(arrived);
                }

                break;
        }
    }

    void Apply(HistoryEvent arrived)
    {
        try
        {
            thread.Run(() => Feed(arrived));
        }
        catch (NonDeterministicOrchestrationException error)
        {
            end = null;
            FailWith(new TaskFailure("NonDeterministicOrchestration", error.Message, IsNonRetriable: true));
            return;
        }

        if (end is null && running is { IsCompleted: true })
        {
            EndWith(running);
        }
    }

    void Feed(HistoryEvent arrived)
    {
        switch (arrived.KindCase)
        {
            case Event.OrchestratorStarted:
                Now = arrived.Timestamp?.ToDateTimeOffset() ?? Now;
                break;
            case Event.ExecutionStarted:
                running ??= StartAsync(new OrchestrationContext(this, arrived.ExecutionStarted));
                break;
            case Event.EventRaised:
                Events.Raise(arrived.EventRaised);
                break;
            case Event.TaskScheduled:
                Actions.Confirm(arrived.EventId, Kind.ScheduleTask, arrived.TaskScheduled.Name);
                break;
            case Event.SubOrchestrationCreated:
                Actions.Confirm(arrived.EventId, Kind.CreateSubOrchestration, arrived.SubOrchestrationCreated.Name);
                break;
            case Event.TimerCreated when arrived.EventId >= 0: // The host splits a wide fan-out by a timer of its own, -100.
                Actions.Confirm(arrived.EventId, Kind.CreateTimer, "");
                break;
            case Event.EventSent:
                Actions.Confirm(arrived.EventId, Kind.SendEvent, arrived.EventSent.Name);
                break;
            case Event.TimerFired:
                Actions.Complete(arrived.TimerFired.TimerId, null);
                break;
            case Event.TaskCompleted:
                Actions.Complete(arrived.TaskCompleted.TaskScheduledId, arrived.TaskCompleted.Result);
                break;
            case Event.SubOrchestrationCompleted:
                Actions.Complete(arrived.SubOrchestrationCompleted.TaskScheduledId, arrived.SubOrchestrationCompleted.Result);
                break;
            case Event.TaskFailed:
                Actions.Fail(arrived.TaskFailed.TaskScheduledId, TaskFailure.From(arrived.TaskFailed.Failure));
                break;
            case Event.SubOrchestrationFailed:
                Actions.Fail(arrived.SubOrchestrationFailed.TaskScheduledId, TaskFailure.From(arrived.SubOrchestrationFailed.Failure));
                break;
        }
    }

    /// <summary>Also what the code throws before its first await becomes its end.</summary>
    async Task<string?> StartAsync(OrchestrationContext context) => await code(context);
}
