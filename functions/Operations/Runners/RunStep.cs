using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations.Runners;

/// <summary>Carries one step out by its provider's runner.</summary>
public static class RunStep
{
    public static readonly Orchestration<Step, StepResult> Function = new(nameof(RunStep), RunnersJson.Default.Step, RunnersJson.Default.StepResult);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOrchestration(Function, RunAsync);

    static Task<StepResult> RunAsync(OrchestrationContext context, Step step) => Task.FromResult(new StepResult(false, null, "", "", "Not built yet."));
}
