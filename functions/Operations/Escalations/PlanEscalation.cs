using Watchdesk.Hosting.Durable;
using Watchdesk.Incidents;

namespace Watchdesk.Operations.Escalations;

/// <param name="Policy">By which it is escalated; null when it is not.</param>
/// <param name="Reason">Why not.</param>
public sealed record EscalationPlan(EscalationPolicy? Policy, string Reason = "");

/// <summary>Which policy an incident goes by: the first that matches, unless it is silenced or escalated already.</summary>
sealed class PlanEscalation(EscalationStore store, IncidentStore incidents, SilenceStore silences, TimeProvider clock)
{
    public static readonly Activity<EscalationInput, EscalationPlan> Function = new(nameof(PlanEscalation), EscalationsJson.Default.EscalationInput, EscalationsJson.Default.EscalationPlan);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (context, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<PlanEscalation>().RunAsync(context.InstanceId, input, cancellationToken));

    async Task<EscalationPlan> RunAsync(string run, EscalationInput input, CancellationToken cancellationToken)
    {
        if (await incidents.GetAsync(input.Tenant, input.Incident, cancellationToken) is not { IsOpen: true, IsOwned: false } incident)
        {
            return new EscalationPlan(null, "somebody has it, or it is over");
        }

        if ((await store.PoliciesAsync(input.Tenant, cancellationToken)).FirstOrDefault(policy => policy.Matches(incident)) is not { } policy)
        {
            return new EscalationPlan(null, "no policy fits");
        }

        var now = clock.GetUtcNow();
        if ((await silences.ListAsync(input.Tenant, cancellationToken)).Any(silence => silence.IsOn(now) && silence.Hides(incident)))
        {
            return new EscalationPlan(null, "silenced");
        }

        return await store.ClaimAsync(input.Tenant, input.Incident, run, now + policy.Length + TimeSpan.FromHours(1), now, cancellationToken) ? new EscalationPlan(policy) : new EscalationPlan(null, "escalated already");
    }
}
