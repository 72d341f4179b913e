using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting.Durable;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>Which incident is to be escalated.</summary>
public sealed record EscalationInput(string Tenant, string Incident);

/// <summary>Hears that somebody may have an incident now, or that it may be over; hearing it again must change nothing.</summary>
public delegate Task NoteTaken(string tenant, string incident, CancellationToken cancellationToken);

/// <summary>
/// Starts an escalation by a message when an incident opens or worsens, and has the one that runs look when somebody may have
/// it. Whether a policy fits, and who has it, is decided there.
/// </summary>
public sealed class StartEscalations(OrchestrationClient orchestrations, TenantStore tenants, TimeProvider clock, NoteTaken? noteTaken = null)
{
    public static readonly Orchestration<EscalationInput, string> Escalate = new(nameof(Escalate), EscalationInputJson.Default.EscalationInput, EscalationInputJson.Default.String);

    readonly Remembered<Tenant> _tenants = new(1000, TimeSpan.FromSeconds(60));

    public async Task AddAsync(string tenant, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries)
        {
            var begins = entry.History.Any(line => line.Kind is "opened" or "reopened" or "severity");
            var ends = entry.History.Any(line => line.Kind is "acknowledged" or "assigned" or "resolved" or "merged");
            if ((begins || ends) && !await EscalatesAsync(tenant, cancellationToken))
            {
                return;
            }

            if (begins)
            {
                await orchestrations.StartAsync($"{tenant}:esc-{entry.Key.Incident}-{entry.Key.Change}", Escalate, new EscalationInput(tenant, entry.Key.Incident), cancellationToken);
            }

            if (ends && noteTaken is not null)
            {
                await noteTaken(tenant, entry.Key.Incident, cancellationToken);
            }
        }
    }

    /// <summary>As it was within the last minute.</summary>
    async Task<bool> EscalatesAsync(string tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_tenants.Get(tenant, now) is not { } known)
        {
            known = await tenants.GetAsync(tenant, cancellationToken);
            if (known is not null)
            {
                _tenants.Set(tenant, known, now);
            }
        }

        return known?.Escalates == true;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EscalationInput))]
[JsonSerializable(typeof(string))]
sealed partial class EscalationInputJson : JsonSerializerContext;
