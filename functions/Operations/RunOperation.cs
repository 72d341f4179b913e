using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations;

/// <summary>Which operation.</summary>
public sealed record OperationInput(string Tenant, string Id);

/// <summary>
/// One operation from its preparation to its end. What people do with it stands in its row, and the events only say that it
/// changed: an event that nobody may raise changes nothing. A restart goes on after the last step that was done.
/// </summary>
static class RunOperation
{
    public static readonly Orchestration<OperationInput, OperationStatus> Function = new(nameof(RunOperation), OperationsData.Default.OperationInput, OperationsData.Default.OperationStatus);

    /// <summary>The row has changed: look.</summary>
    public static readonly ExternalEvent<string> Nudge = new(nameof(Nudge), OperationsData.Default.String);

    internal static readonly RetryPolicy Retry = new(MaxAttempts: 8, FirstDelay: TimeSpan.FromSeconds(2), MaxDelay: TimeSpan.FromMinutes(1));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOrchestration(Function, RunAsync);

    static async Task<OperationStatus> RunAsync(OrchestrationContext context, OperationInput input)
    {
        string? failure;
        try
        {
            failure = await DoAsync(context, input);
        }
        catch (TaskFailedException failed)
        {
            failure = $"Watchdesk itself could not go on: {failed.Failure.Message} Look at what was done so far before you ask again.";
        }

        return await context.CallAsync(EndOperation.Function, new EndInput(input.Tenant, input.Id, failure), Retry);
    }

    /// <summary>Null when it was done; else why not.</summary>
    static async Task<string?> DoAsync(OrchestrationContext context, OperationInput input)
    {
        var (plan, nudges) = (await context.CallAsync(PrepareOperation.Function, input, Retry), new Nudges(context));
        return plan.Refusal
            ?? await PassAsync(context, input, nudges, Gate.Approval)
            ?? await PassAsync(context, input, nudges, Gate.Target)
            ?? await new OperationSteps(context, input, plan, nudges).RunAsync();
    }

    static async Task<string?> PassAsync(OrchestrationContext context, OperationInput input, Nudges nudges, Gate gate)
    {
        while (true)
        {
            var answer = await context.CallAsync(PassGate.Function, new GateInput(input.Tenant, input.Id, gate), Retry);
            if (answer.LookAgainAt is not { } at)
            {
                return answer.Refusal;
            }

            await nudges.WaitUntilAsync(at);
        }
    }
}
