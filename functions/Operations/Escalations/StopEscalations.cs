using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations.Escalations;

/// <summary>Has the run that escalates an incident look at once whether somebody has it now. The run believes the incident, not the event.</summary>
sealed class StopEscalations(EscalationStore store, OrchestrationClient orchestrations)
{
    public async Task NoteTakenAsync(string tenant, string incident, CancellationToken cancellationToken)
    {
        if (await store.FindRunAsync(tenant, incident, cancellationToken) is { } run)
        {
            await orchestrations.RaiseAsync(run, Escalate.Taken, "", cancellationToken);
        }
    }
}
