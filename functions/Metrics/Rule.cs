using System.Text.Json.Serialization;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>What is done when a rule fires: <c>slack</c> with the address of an incoming webhook, <c>gmail</c> with a mail address, <c>teams</c>, <c>webhook</c>.</summary>
/// <param name="Value">Where to; in an answer without its secret part.</param>
public sealed record RuleAction(string? Name = null, string? Value = null);

/// <summary>A threshold rule as people write it.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Namespace">Of the metric; empty for none.</param>
/// <param name="Frequency"><c>Xd_Xh_Xm_Xs</c>, 10 s to 31 d: how often it is evaluated.</param>
/// <param name="RuleCondition">See <see cref="Metrics.RuleCondition"/>.</param>
/// <param name="Actions">At most 10.</param>
/// <param name="Severity">Of its incident: info, warning or critical (default).</param>
/// <param name="Dimensions">Pairs that a dimension set must all have, at most 16; without them all sets count together.</param>
public sealed record RuleRequest(
    [property: JsonPropertyName("name")] string? Name = null,
    [property: JsonPropertyName("namespace")] string? Namespace = null,
    [property: JsonPropertyName("frequency")] string? Frequency = null,
    [property: JsonPropertyName("rule_condition")] string? RuleCondition = null,
    [property: JsonPropertyName("actions")] IReadOnlyList<RuleAction>? Actions = null,
    [property: JsonPropertyName("severity")] string? Severity = null,
    [property: JsonPropertyName("dimensions")] IReadOnlyDictionary<string, string>? Dimensions = null);

/// <summary>A threshold rule that can be evaluated.</summary>
/// <param name="Frequency">As it was written.</param>
/// <param name="Actions">Their values without secrets: where they go is in the channels that belong to the rule.</param>
/// <param name="Dimensions">Null for all dimension sets.</param>
public sealed record Rule(
    string Id,
    string Name,
    string Namespace,
    string Frequency,
    string ConditionText,
    IReadOnlyList<RuleAction> Actions,
    DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(JsonStringEnumConverter<Severity>))] Severity Severity = Severity.Critical,
    IReadOnlyDictionary<string, string>? Dimensions = null)
{
    public const int MaxName = 200;
    public const int MaxActions = 10;

    /// <summary>The desk looks at what is due every 10 s.</summary>
    static readonly TimeSpan MostOften = TimeSpan.FromSeconds(10);

    static readonly TimeSpan MostSeldom = TimeSpan.FromDays(31);

    [JsonIgnore]
    public RuleCondition Condition { get; } = RuleCondition.Parse(ConditionText);

    [JsonIgnore]
    public TimeSpan Every { get; } = RuleDuration.Parse("frequency", Frequency, MostSeldom);

    [JsonIgnore]
    public MetricKey Metric => new(Namespace, Condition.Parameter);

    /// <summary>The metric and which of its dimension sets, in a sentence.</summary>
    [JsonIgnore]
    public string Watched => Metric + (Dimensions is null ? "" : $" of {string.Join(", ", Dimensions.Select(pair => $"{pair.Key}={pair.Value}"))}");

    [JsonIgnore]
    public string Subject => SubjectOf(Id);

    public static string SubjectOf(string id) => "rule:" + id;

    /// <summary>The rule without its actions.</summary>
    /// <exception cref="FormatException">Something is missing or wrong; where it can it points at the column.</exception>
    public static Rule Of(string id, RuleRequest request, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = request.Name?.Trim();
        if (name is not { Length: > 0 and <= MaxName } || !MetricKey.IsNamespace(name))
        {
            throw new FormatException($"name must be 1 to {MaxName} characters without control characters.");
        }

        var space = request.Namespace ?? "";
        if (!MetricKey.IsNamespace(space))
        {
            throw new FormatException($"namespace must be at most {MetricKey.MaxName} characters without control characters.");
        }

        var severity = request.Severity is null ? Severity.Critical : Words.Read(request.Severity) ?? throw new FormatException("severity is info, warning or critical.");
        var frequency = request.Frequency ?? throw new FormatException("frequency is missing: Xd_Xh_Xm_Xs, for example 0d_0h_5m_0s.");
        var rule = new Rule(id, name, space, frequency, request.RuleCondition ?? "", [], createdAt, severity, DimensionsOf(request));
        return rule.Every >= MostOften ? rule : throw new ScheduleFormatException("frequency", "it is shorter than 10 s; the desk looks every 10 s.", 1);
    }

    static SortedDictionary<string, string>? DimensionsOf(RuleRequest request)
    {
        if (request.Dimensions is not { Count: > 0 } wanted)
        {
            return null;
        }

        return wanted.Values.All(value => value is not null) && Metrics.Dimensions.Canonical(wanted) is not null
            ? new SortedDictionary<string, string>(wanted.ToDictionary(), StringComparer.Ordinal)
            : throw new FormatException($"dimensions has at most {Metrics.Dimensions.Most} pairs of texts, names of 1 to {Metrics.Dimensions.MaxName} and values of up to {Metrics.Dimensions.MaxValue} characters, for example host with db01.");
    }
}
