using System.Globalization;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Durable;

public sealed partial class OrchestrationContext
{
    /// <exception cref="TaskFailedException">It failed, and the policy allows no further try.</exception>
    public async Task<TResult> CallAsync<TInput, TResult>(Activity<TInput, TResult> activity, TInput input, RetryPolicy? retry = null)
    {
        var value = DurableJson.Write(input, activity.Input);
        var first = replay.Actions.NextId;
        return await RetryAsync(retry, async attempt =>
        {
            replay.CheckThread();
            var key = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}:{Generation}:{first}");
            var call = DurableJson.Call(value, new ActivityContext(InstanceId, ExecutionId, replay.Actions.NextId, attempt, key));
            var result = await replay.Actions.AddOpen(new OrchestratorAction { ScheduleTask = new ScheduleTask { Name = activity.Name, Input = call } }, activity.Name);
            var (outcome, failure) = DurableJson.Outcome(result);
            return failure is null ? DurableJson.Read(outcome, activity.Result)! : throw new TaskFailedException(activity.Name, failure);
        });
    }

    /// <summary>Runs another orchestration and awaits its end.</summary>
    /// <param name="instanceId">Made from this instance and the number of the action when not given.</param>
    /// <exception cref="TaskFailedException">It failed or was terminated, and the policy allows no further try.</exception>
    public async Task<TResult> CallAsync<TInput, TResult>(Orchestration<TInput, TResult> child, TInput input, string? instanceId = null, RetryPolicy? retry = null)
    {
        var value = DurableJson.Start(DurableJson.Write(input, child.Input), child.Version);
        return await RetryAsync(retry, async _ =>
        {
            replay.CheckThread();
            var action = new CreateSubOrchestration { InstanceId = instanceId ?? ChildId(), Name = child.Name, Input = value };
            return DurableJson.Read(await replay.Actions.AddOpen(new OrchestratorAction { CreateSubOrchestration = action }, child.Name), child.Result)!;
        });
    }

    async Task<T> RetryAsync<T>(RetryPolicy? retry, Func<int, Task<T>> tryAsync)
    {
        var began = CurrentUtcTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await tryAsync(attempt);
            }
            catch (TaskFailedException failed) when (retry?.DelayAfter(attempt, failed.Failure, CurrentUtcTime - began) is { } delay)
            {
                await DelayAsync(delay);
            }
        }
    }

    string Generation => ExecutionId.Length <= 8 ? ExecutionId : ExecutionId[..8];

    string ChildId()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}:{Generation}:{replay.Actions.NextId}");
        return id.Length <= MaxInstanceId ? id : $"{InstanceId.Split(':')[0]}:{Keys.Hash(id)[..32]}";
    }
}
