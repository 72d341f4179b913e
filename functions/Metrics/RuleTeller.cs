using Watchdesk.Incidents;

namespace Watchdesk.Metrics;

/// <summary>Tells incidents which rules began or stopped firing, then notes that it is told. Safe to repeat.</summary>
public sealed class RuleTeller(RuleStore store, IncidentDesk desk)
{
    public async Task TellAsync(string tenant, IReadOnlyList<RuleRow> turned, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        if (turned.Count == 0)
        {
            return;
        }

        await desk.TellAsync(tenant, [.. turned.Select(SignalOf)], now, isCatchUp, cancellationToken);
        foreach (var row in turned)
        {
            // Who changed it meanwhile tells its turn and marks it.
            await store.WriteStateAsync(row with { State = row.State with { ToldTurn = row.State.Turn } }, cancellationToken);
        }
    }

    /// <summary>A deleted rule is nobody's trouble any more.</summary>
    public Task TellDeletedAsync(RuleRow row, DateTimeOffset now, CancellationToken cancellationToken) => desk.TellAsync(
        row.Tenant, [SignalOf(row) with { Turn = row.State.Turn + 1, Severity = null, Reason = "The rule was deleted.", At = now }], now, isCatchUp: false, cancellationToken);

    static Signal SignalOf(RuleRow row) => new(
        row.Rule.Subject,
        row.Rule.Name,
        row.State.Turn,
        row.State.IsFiring ? row.Rule.Severity : null,
        row.State.Reason,
        row.State.Since ?? row.Rule.CreatedAt,
        Link: $"/rules/{row.Rule.Id}",
        LastGoodAt: row.State.LastGoodAt,
        Advice: $"Look at the chart of {row.Rule.Metric}; change the rule when its limit is wrong.");
}
