using Watchdesk.Hosting.Durable;
using Watchdesk.Incidents;

namespace Watchdesk.Operations.Escalations;

/// <summary>Goes through the steps of a policy until somebody has the incident, it is over, or the steps are.</summary>
static class Escalate
{
    static readonly RetryPolicy Retry = new(MaxAttempts: 8, FirstDelay: TimeSpan.FromSeconds(2), MaxDelay: TimeSpan.FromMinutes(1));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOrchestration(StartEscalations.Escalate, RunAsync);

    /// <summary>How it ended, in a word.</summary>
    static async Task<string> RunAsync(OrchestrationContext context, EscalationInput input)
    {
        var plan = await context.CallAsync(PlanEscalation.Function, input, Retry);
        if (plan.Policy is not { } policy)
        {
            return plan.Reason;
        }

        var turn = 0;
        for (var round = 0; round <= policy.Repeat; round++)
        {
            foreach (var step in policy.Steps)
            {
                if (step.Wait is { } wait)
                {
                    await context.DelayAsync(wait);
                    continue;
                }

                var told = await context.CallAsync(TellEscalation.Function, new EscalationTurn(input.Tenant, input.Incident, policy.Name, step, ++turn, context.CurrentUtcTime), Retry);
                if (told.IsOver)
                {
                    return told.Reason;
                }
            }
        }

        return (await context.CallAsync(TellEscalation.Function, new EscalationTurn(input.Tenant, input.Incident, policy.Name, null, ++turn, context.CurrentUtcTime), Retry)).Reason;
    }
}
