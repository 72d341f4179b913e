namespace Watchdesk.Metrics;

/// <summary>One time that a rule was firing.</summary>
/// <param name="To">Null while it is.</param>
public sealed record Firing(DateTimeOffset From, DateTimeOffset? To);

/// <summary>When a rule did fire.</summary>
/// <param name="Since">All that it fired from here on: since it was made, or since the oldest alarm that is kept.</param>
public sealed record KnownFirings(DateTimeOffset Since, IReadOnlyList<Firing> Firings)
{
    public static KnownFirings Of(RuleRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var firings = row.State.Firings ?? [];
        return new(firings.Count < RuleState.MaxFirings ? row.Rule.CreatedAt : firings[0].From, firings);
    }
}

/// <summary>How a rule stands. Times are whole milliseconds.</summary>
/// <param name="NextAt">When it is evaluated next.</param>
/// <param name="IndexedAt">Where its row in the due index stands.</param>
/// <param name="Turn">Grows whenever it begins or stops firing.</param>
/// <param name="ToldTurn">The last turn that incidents know of.</param>
/// <param name="Since">Of the last turn.</param>
/// <param name="Value">What was found last; null when there was no data.</param>
/// <param name="Firings">The last 100, oldest first.</param>
public sealed record RuleState(
    DateTimeOffset NextAt,
    DateTimeOffset IndexedAt,
    DateTimeOffset? EvaluatedAt = null,
    long Turn = 0,
    long ToldTurn = 0,
    bool IsFiring = false,
    DateTimeOffset? Since = null,
    double? Value = null,
    string Reason = "",
    DateTimeOffset? LastGoodAt = null,
    IReadOnlyList<Firing>? Firings = null)
{
    public const int MaxFirings = 100;

    /// <summary>The time that an evaluation now looks at; of a window of zero everything since the last one.</summary>
    public (DateTimeOffset From, DateTimeOffset To) WindowAt(Rule rule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var from = rule.Condition.Window > TimeSpan.Zero ? now - rule.Condition.Window : EvaluatedAt ?? now - rule.Every;
        var earliest = now - RuleCondition.LongestWindow;
        return (from < earliest ? earliest : from, now);
    }
}
