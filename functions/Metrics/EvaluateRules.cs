using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>
/// Due kind <c>rule</c>: evaluates rules whose time has come. Next index row first, then the state, then incidents; a row whose
/// state was changed meanwhile is read and decided again.
/// </summary>
public sealed partial class EvaluateRules(RuleStore store, RuleActions actions, MetricQuery query, RuleTeller teller, DueIndex due, ILogger<EvaluateRules> log) : IDueHandler
{
    public const string DueKind = "rule";
    const int AtOnce = 16;
    const string Gone = "~gone";
    static readonly TimeSpan KeepActions = TimeSpan.FromDays(1);

    public string Kind => DueKind;

    public static DueItem Due(string tenant, string id, DateTimeOffset at) => new(DueKind, tenant, id, at);

    /// <summary>When the channels of a rule that is deleted now may go: its last notices need them.</summary>
    public static DueItem Forget(string tenant, string id, DateTimeOffset now) => new(DueKind, tenant, id + Gone, now + KeepActions);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var (failed, turned) = (new List<DueRow>(), new List<RuleRow>());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(rows.DistinctBy(row => (row.Item.Tenant, row.Item.Id)), parallel, async (row, token) =>
        {
            var (isHandled, rule) = await TryAsync(row, tick.Now, token);
            lock (failed)
            {
                if (!isHandled)
                {
                    failed.Add(row);
                }

                if (rule is { } found && found.State.Turn > found.State.ToldTurn)
                {
                    turned.Add(found);
                }
            }
        });
        foreach (var tenant in turned.GroupBy(row => row.Tenant, StringComparer.Ordinal))
        {
            await teller.TellAsync(tenant.Key, [.. tenant], tick.Now, tick.IsCatchUp, cancellationToken);
        }

        return failed;
    }

    /// <summary>One rule that cannot be read or evaluated holds up no other.</summary>
    async Task<(bool IsHandled, RuleRow? Rule)> TryAsync(DueRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            if (row.Item.Id.EndsWith(Gone, StringComparison.Ordinal))
            {
                await actions.DeleteAsync(row.Item.Tenant, row.Item.Id[..^Gone.Length], cancellationToken);
                return (true, null);
            }

            while (await store.GetAsync(row.Item.Tenant, row.Item.Id, cancellationToken) is { } rule)
            {
                if (await LookAsync(rule, now, cancellationToken) is { } looked)
                {
                    return (true, looked);
                }
            }

            return (!row.IsFresh(now), null);
        }
        catch (Exception e) when (e is RemoteCallException or FormatException or TooManyRowsException)
        {
            Log.Failed(log, row.Item.Tenant, row.Item.Id, e.Message);
            return (false, null);
        }
    }

    /// <summary>Null when the rule was changed meanwhile.</summary>
    async Task<RuleRow?> LookAsync(RuleRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = row.State;
        if (state.NextAt <= now)
        {
            var (from, to) = state.WindowAt(row.Rule, now);
            var sketch = await query.SumAsync(row.Tenant, row.Rule.Metric, row.Rule.Dimensions, from, to, cancellationToken);
            state = RuleCheck.Evaluate(row.Rule, state, sketch, from, now) with { NextAt = RuleCheck.NextAt(row.Rule, state.NextAt, now) };
        }

        if (state.IndexedAt <= now)
        {
            // The row that brought us here is about to go.
            await due.AddAsync([Due(row.Tenant, row.Rule.Id, state.NextAt)], now, cancellationToken);
            state = state with { IndexedAt = DueIndex.IndexedAt(state.NextAt, now) };
        }

        return state == row.State ? row : await store.WriteStateAsync(row with { State = state }, cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Rule {Tenant}/{Rule} could not be evaluated: {Reason}")]
        public static partial void Failed(ILogger log, string tenant, string rule, string reason);
    }
}
