using System.Text.Json.Serialization;
using Watchdesk.Incidents;

namespace Watchdesk.Metrics;

/// <summary>How a rule stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleStatus>))]
public enum RuleStatus
{
    [JsonStringEnumMemberName("new")]
    New,

    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("firing")]
    Firing,

    [JsonStringEnumMemberName("no data")]
    NoData,
}

/// <summary>A rule as the API and the pages show it: as it was written, but for secrets, and how it stands.</summary>
/// <param name="Since">When it began or stopped firing.</param>
/// <param name="Value">What was found last; absent when there was no data.</param>
public sealed record RuleView(
    string Id,
    string Name,
    string Namespace,
    string Frequency,
    [property: JsonPropertyName("rule_condition")] string RuleCondition,
    IReadOnlyList<RuleAction> Actions,
    string Severity,
    IReadOnlyDictionary<string, string>? Dimensions,
    RuleStatus Status,
    string Reason,
    double? Value,
    DateTimeOffset? Since,
    DateTimeOffset? EvaluatedAt,
    DateTimeOffset NextAt)
{
    /// <summary>Why nobody may hear of it, one sentence for each action; absent when nothing is known, and in lists.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    public static RuleView Of(RuleRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var (rule, state) = (row.Rule, row.State);
        var status = state.IsFiring ? RuleStatus.Firing : state.EvaluatedAt is null ? RuleStatus.New : state.Value is null ? RuleStatus.NoData : RuleStatus.Ok;
        var reason = state.EvaluatedAt is null ? "It is evaluated with the next tick." : state.Reason;
        return new RuleView(
            rule.Id, rule.Name, rule.Namespace, rule.Frequency, rule.ConditionText, rule.Actions, Words.Of(rule.Severity), rule.Dimensions, status, reason, state.Value, state.Since, state.EvaluatedAt, state.NextAt);
    }
}

public sealed record RuleList(IReadOnlyList<RuleView> Items, string? Next);
