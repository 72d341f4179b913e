using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>A rule with its state as it is stored.</summary>
public sealed record RuleRow(string Tenant, Rule Rule, RuleState State, string ETag);

/// <summary>The table rules, PK tenant, RK id: the definition in <c>D</c>, which goes to the event log, and the state in <c>S</c>.</summary>
public sealed class RuleStore(ITables tables, EventLog log)
{
    public static readonly WalkSource Walked = new("rule", Tables.Rules, (tenant, _) => tenant, OwedBy);

    /// <summary>Per tenant.</summary>
    public const int MaxRules = 1000;

    public async Task<RuleRow?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsId(id) && await tables.GetAsync(Tables.Rules, tenant, id, cancellationToken: cancellationToken) is { } row ? Read(tenant, row) : null;

    public async Task<(IReadOnlyList<RuleRow> Rows, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Rules, tenant, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(row => Read(tenant, row))], page.Continuation);
    }

    public async Task<RuleRow> AddAsync(string tenant, Rule rule, RuleState state, CancellationToken cancellationToken)
    {
        await log.AppendRowsAsync(tenant, [(Tables.Rules, Definition(tenant, rule))], cancellationToken);
        var result = await tables.WriteAsync(Tables.Rules, TableWrite.Insert(Row(tenant, rule, state)), cancellationToken);
        return new RuleRow(tenant, rule, state, result.ETags.Count > 0 ? result.ETags[0] ?? "" : "");
    }

    /// <summary>Null when somebody else changed it since it was read.</summary>
    public async Task<RuleRow?> ReplaceAsync(RuleRow row, CancellationToken cancellationToken)
    {
        await log.AppendRowsAsync(row.Tenant, [(Tables.Rules, Definition(row.Tenant, row.Rule))], cancellationToken);
        return await MergeAsync(row, Row(row.Tenant, row.Rule, row.State), cancellationToken);
    }

    /// <summary>Null when the row changed since it was read.</summary>
    public Task<RuleRow?> WriteStateAsync(RuleRow row, CancellationToken cancellationToken) =>
        MergeAsync(row, new TableRow(row.Tenant, row.Rule.Id) { ["S"] = JsonSerializer.Serialize(row.State, MetricsJson.Default.RuleState) }, cancellationToken);

    public async Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await log.AppendDeletedAsync(tenant, [(Tables.Rules, new TableRow(tenant, id))], cancellationToken);
        await tables.WriteAsync(Tables.Rules, TableWrite.Delete(tenant, id), cancellationToken);
    }

    public static bool IsId(string id) => Guid.TryParseExact(id, "N", out _) && !id.Any(char.IsAsciiLetterUpper);

    async Task<RuleRow?> MergeAsync(RuleRow row, TableRow stored, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(Tables.Rules, TableWrite.Merge(stored, row.ETag), cancellationToken);
        return result.IsDone ? row with { ETag = result.ETags[0] ?? "" } : null;
    }

    internal static TableRow Row(string tenant, Rule rule, RuleState state)
    {
        var row = Definition(tenant, rule);
        row["S"] = JsonSerializer.Serialize(state, MetricsJson.Default.RuleState);
        return row;
    }

    static TableRow Definition(string tenant, Rule rule) => new(tenant, rule.Id) { ["V"] = 1, ["D"] = JsonSerializer.Serialize(rule, MetricsJson.Default.Rule) };

    static Expectation OwedBy(string tenant, TableRow row)
    {
        var (_, rule, state, _) = Read(tenant, row);
        return new Expectation(EvaluateRules.DueKind, tenant, rule.Id, state.NextAt, state.IndexedAt.ToUnixTimeMilliseconds(), $"the rule {rule.Name}", $"/rules/{rule.Id}");
    }

    /// <summary>A replayed rule has no state yet: it is evaluated at once.</summary>
    static RuleRow Read(string tenant, TableRow row)
    {
        var rule = JsonSerializer.Deserialize(row.Text("D")!, MetricsJson.Default.Rule)!;
        var state = row.Text("S") is { } text ? JsonSerializer.Deserialize(text, MetricsJson.Default.RuleState)! : new RuleState(rule.CreatedAt, rule.CreatedAt);
        return new RuleRow(tenant, rule, state, row.ETag ?? "*");
    }
}
