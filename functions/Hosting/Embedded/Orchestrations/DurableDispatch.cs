using System.Globalization;
using System.Text;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Carries out the actions of a turn that is written. After a crash it does so again: every receiver bears that.</summary>
sealed class DurableDispatch(DurableStore store, DurableMail mail, WakeLater wake, TimeProvider clock)
{
    const int AtOnce = 8;

    /// <summary>Of a message's text, which is quoted once more.</summary>
    const int MaxInMessage = 15_000;

    public Task CarryOutAsync(DurableInstance instance, IReadOnlyList<OrchestratorAction> actions, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(actions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, (action, token) => new ValueTask(CarryOutAsync(instance, action, token)));

    Task CarryOutAsync(DurableInstance instance, OrchestratorAction action, CancellationToken cancellationToken) => action.KindCase switch
    {
        Kind.ScheduleTask => ScheduleAsync(instance, action.Id, action.ScheduleTask, cancellationToken),
        Kind.CreateSubOrchestration => StartChildAsync(instance, action.Id, action.CreateSubOrchestration, cancellationToken),
        Kind.CreateTimer => SetTimerAsync(instance, action.Id, action.CreateTimer.FireAt.ToDateTimeOffset(), cancellationToken),
        Kind.SendEvent => mail.BringAsync(
            action.SendEvent.Instance.InstanceId,
            DurableKeys.Event(string.Create(CultureInfo.InvariantCulture, $"{instance.ExecutionId}-{instance.Turns}-{action.Id}")),
            new HistoryEvent { EventRaised = new EventRaised { Name = action.SendEvent.Name, Input = action.SendEvent.Data } },
            cancellationToken),
        Kind.CompleteOrchestration when instance.Parent is { } parent => TellParentAsync(parent, action.CompleteOrchestration, cancellationToken),
        _ => Task.CompletedTask,
    };

    async Task ScheduleAsync(DurableInstance instance, int task, ScheduleTask call, CancellationToken cancellationToken)
    {
        var isLarge = Encoding.UTF8.GetByteCount(call.Input ?? "") > MaxInMessage;
        if (isLarge)
        {
            await store.SaveInputAsync(instance.Id, instance.ExecutionId, task, call.Input!, cancellationToken);
        }

        await mail.SendAsync(new DurableMessage(instance.Id, call.Name, instance.ExecutionId, task, isLarge ? null : call.Input), cancellationToken);
    }

    async Task StartChildAsync(DurableInstance instance, int task, CreateSubOrchestration child, CancellationToken cancellationToken)
    {
        var parent = new ParentInstance
        {
            TaskScheduledId = task,
            Name = instance.Name,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.Id, ExecutionId = instance.ExecutionId },
        };
        if (!await mail.StartAsync(child.InstanceId, child.Name, child.Input, parent, cancellationToken))
        {
            var refused = new FailureDetails { ErrorType = "OrchestrationAlreadyExists", ErrorMessage = $"The instance {child.InstanceId} runs already." };
            await mail.BringAsync(instance.Id, DurableKeys.Task(instance.ExecutionId, task), new HistoryEvent { SubOrchestrationFailed = new TaskFailed { TaskScheduledId = task, Failure = refused } }, cancellationToken);
        }
    }

    /// <summary>The due index wakes it at the first tick after its time.</summary>
    Task SetTimerAsync(DurableInstance instance, int timer, DateTimeOffset fireAt, CancellationToken cancellationToken) => fireAt <= clock.GetUtcNow()
        ? mail.BringAsync(instance.Id, DurableKeys.Task(instance.ExecutionId, timer), DurableMail.Fired(timer, fireAt), cancellationToken)
        : wake(DurableMail.DueKind, instance.Tenant, string.Create(CultureInfo.InvariantCulture, $"{instance.Id}~{instance.ExecutionId}~{timer}"), fireAt, cancellationToken);

    /// <summary>A child that was terminated tells no details, as in Azure.</summary>
    Task TellParentAsync(ParentInstance parent, CompleteOrchestration ends, CancellationToken cancellationToken)
    {
        var told = new HistoryEvent();
        if (ends.Status == OrchestrationStatus.Completed)
        {
            told.SubOrchestrationCompleted = new TaskCompleted { TaskScheduledId = parent.TaskScheduledId, Result = ends.Result };
        }
        else
        {
            told.SubOrchestrationFailed = new TaskFailed { TaskScheduledId = parent.TaskScheduledId, Failure = ends.Failure };
        }

        var to = parent.OrchestrationInstance;
        return mail.BringAsync(to.InstanceId, DurableKeys.Task(to.ExecutionId, parent.TaskScheduledId), told, cancellationToken);
    }
}
