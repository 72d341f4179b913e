using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations.Runners;

/// <summary>Carries one step out by its provider's runner, call by call, with durable waits between.</summary>
public static class RunStep
{
    public static readonly Orchestration<Step, StepResult> Function = new(nameof(RunStep), RunnersJson.Default.Step, RunnersJson.Default.StepResult);

    /// <summary>Raised to a running step to end it; the data says why. What cannot be called back is left alone, and the result says so.</summary>
    public static readonly ExternalEvent<string> Cancel = new("CancelStep", RunnersJson.Default.String);

    static readonly RetryPolicy Retry = new(MaxAttempts: 4, FirstDelay: TimeSpan.FromSeconds(5), Coefficient: 3);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOrchestration(Function, RunAsync);

    static async Task<StepResult> RunAsync(OrchestrationContext context, Step step)
    {
        var began = context.CurrentUtcTime;
        for (var state = new StepState(step); ;)
        {
            try
            {
                state = await context.CallAsync(AdvanceStep.Function, state, Retry);
            }
            catch (TaskFailedException failed) when (state.Ended is null)
            {
                state = state with { Ended = failed.Failure.Message };
                continue;
            }
            catch (TaskFailedException failed)
            {
                return state.Failed(failed.Failure.Message).Result!;
            }

            if (state.Result is not null || state.Ended is not null)
            {
                return state.Result ?? state.Failed(state.Ended!).Result!;
            }

            var left = began + state.Limit - context.CurrentUtcTime;
            if (state.Wait == TimeSpan.Zero && left > TimeSpan.Zero)
            {
                continue;
            }

            var cancelled = left > TimeSpan.Zero ? await context.WaitForAsync(Cancel, state.Wait < left ? state.Wait : left) : default;
            state = cancelled.HasCome ? state with { Ended = $"It was cancelled: {cancelled.Value}" }
                : left > TimeSpan.Zero ? state
                : state with { Ended = $"It did not end within {state.Limit:c}." };
        }
    }
}
