using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations.Escalations;

/// <summary>Rows of <c>escalations</c>, PK tenant: <c>p~id</c> policies, <c>rotation</c>, <c>e~incident</c> which run escalates an incident.</summary>
public sealed class EscalationStore(ITables tables, EventLog log)
{
    const string RotationKey = "rotation";

    /// <summary>In the order in which they were made: the first that matches is used.</summary>
    public async Task<IReadOnlyList<EscalationPolicy>> PoliciesAsync(string tenant, CancellationToken cancellationToken)
    {
        var policies = new List<EscalationPolicy>();
        await foreach (var row in tables.QueryAllAsync(TableQuery.Prefix(Tables.Escalations, tenant, "p~"), cancellationToken))
        {
            policies.Add(JsonSerializer.Deserialize(row.Text("D")!, EscalationsJson.Compact.EscalationPolicy)!);
        }

        return policies;
    }

    public Task PutAsync(string tenant, EscalationPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return SaveAsync(new TableRow(tenant, "p~" + policy.Id) { ["V"] = 1, ["D"] = JsonSerializer.Serialize(policy, EscalationsJson.Compact.EscalationPolicy) }, cancellationToken);
    }

    public async Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await log.AppendDeletedAsync(tenant, [(Tables.Escalations, new TableRow(tenant, "p~" + id))], cancellationToken);
        await tables.WriteAsync(Tables.Escalations, TableWrite.Delete(tenant, "p~" + id), cancellationToken);
    }

    public async Task<Rotation> RotationAsync(string tenant, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Escalations, tenant, RotationKey, cancellationToken: cancellationToken) is { } row ? JsonSerializer.Deserialize(row.Text("D")!, EscalationsJson.Compact.Rotation)! : Rotation.None;

    public Task PutAsync(string tenant, Rotation rotation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return SaveAsync(new TableRow(tenant, RotationKey) { ["V"] = 1, ["D"] = JsonSerializer.Serialize(rotation, EscalationsJson.Compact.Rotation) }, cancellationToken);
    }

    /// <summary>False when another run escalates the incident, and its time is not over. A run that was lost is gone on with by the one that is started for it.</summary>
    public async Task<bool> ClaimAsync(string tenant, string incident, string run, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = new TableRow(tenant, "e~" + incident) { ["V"] = 1, ["Run"] = run, ["Until"] = until };
        return await tables.TakeAsync(
            Tables.Escalations,
            row,
            held => Task.FromResult(held.Time("Until") > now && Supervisor.FirstId(held.Text("Run")!) != Supervisor.FirstId(run) ? held : null),
            cancellationToken) is null;
    }

    /// <summary>The run that escalates an incident; null when none does.</summary>
    public async Task<string?> FindRunAsync(string tenant, string incident, CancellationToken cancellationToken) =>
        (await tables.GetAsync(Tables.Escalations, tenant, "e~" + incident, cancellationToken: cancellationToken))?.Text("Run");

    public async Task ReleaseAsync(string tenant, string incident, string run, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Tables.Escalations, tenant, "e~" + incident, cancellationToken: cancellationToken) is { } held && held.Text("Run") == run)
        {
            await tables.WriteAsync(Tables.Escalations, TableWrite.Delete(tenant, held.RowKey, held.ETag!), cancellationToken);
        }
    }

    async Task SaveAsync(TableRow row, CancellationToken cancellationToken)
    {
        await log.AppendRowsAsync(row.PartitionKey, [(Tables.Escalations, row)], cancellationToken);
        await tables.WriteAsync(Tables.Escalations, TableWrite.Upsert(row), cancellationToken);
    }
}
