using Watchdesk.Hosting.Durable;
using Watchdesk.Incidents;

namespace Watchdesk.Operations.Escalations;

/// <summary>Goes through the steps of a policy until somebody has the incident, it is over, or the steps are.</summary>
static class Escalate
{
    /// <summary>Somebody may have it: look. An event that gets lost is made up for by the next step, which looks too.</summary>
    public static readonly ExternalEvent<string> Taken = new(nameof(Taken), EscalationsJson.Default.String);

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
                var told = step.Wait is { } wait ? await WaitAsync(context, wait, () => TellAsync(step)) : await TellAsync(step);
                if (told.IsOver)
                {
                    return told.Reason;
                }
            }
        }

        return (await TellAsync(null)).Reason;

        Task<EscalationTold> TellAsync(EscalationStep? step) =>
            context.CallAsync(TellEscalation.Function, new EscalationTurn(input.Tenant, input.Incident, policy.Name, step, ++turn, context.CurrentUtcTime), Retry);
    }

    static async Task<EscalationTold> WaitAsync(OrchestrationContext context, TimeSpan wait, Func<Task<EscalationTold>> look)
    {
        var until = context.CurrentUtcTime + wait;
        while (context.CurrentUtcTime < until && (await context.WaitForAsync(Taken, until - context.CurrentUtcTime)).HasCome)
        {
            if (await look() is { IsOver: true } over)
            {
                return over;
            }
        }

        return new EscalationTold(false, "");
    }
}
