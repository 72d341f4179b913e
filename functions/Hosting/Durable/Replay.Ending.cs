using Watchdesk.Hosting.Durable.Wire;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Hosting.Durable;

sealed partial class Replay
{
    void EndWith(Task<string?> ended)
    {
        if (ended.Exception is { InnerException: { } error })
        {
            FailWith(TaskFailure.From(error));
        }
        else if (NextInput is null)
        {
            End(OrchestrationStatus.Completed, ended.Result, failure: null);
        }
        else if (Actions.Pending.Any(action => action.KindCase is Kind.ScheduleTask or Kind.CreateSubOrchestration))
        {
            FailWith(new TaskFailure("InvalidOperationException", "The orchestrator continues as new while calls of this turn are not awaited; their results would be lost.", IsNonRetriable: true));
        }
        else
        {
            Actions.DropTimers();
            End(OrchestrationStatus.ContinuedAsNew, NextInput, failure: null);
        }
    }

    void FailWith(TaskFailure failure)
    {
        Actions.DropAll();
        End(OrchestrationStatus.Failed, result: null, failure);
    }

    void End(OrchestrationStatus status, string? result, TaskFailure? failure) => end = new OrchestratorAction
    {
        Id = Actions.NextId,
        CompleteOrchestration = new CompleteOrchestration { Status = status, Result = result, Failure = failure?.ToDetails() },
    };
}
