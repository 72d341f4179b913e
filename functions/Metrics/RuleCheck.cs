using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>
/// Pure: what an evaluation makes of a rule's state. It fires while its condition is met. No data is not 0: it neither begins
/// nor ends an alarm, and is said.
/// </summary>
public static class RuleCheck
{
    /// <param name="sketch">All values of the window; empty for no data.</param>
    /// <param name="from">The window as it was read.</param>
    public static RuleState Evaluate(Rule rule, RuleState state, Sketch sketch, DateTimeOffset from, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(sketch);
        if (sketch.IsEmpty)
        {
            return state with { EvaluatedAt = now, Value = null, Reason = NoData(rule, state, from, now) };
        }

        var value = rule.Condition.Aggregate.Of(sketch);
        var fires = rule.Condition.IsMetBy(value);
        var next = state with { EvaluatedAt = now, Value = value, Reason = Reason(rule, value, fires, sketch.Count, from, now), LastGoodAt = fires ? state.LastGoodAt : now };
        return fires == state.IsFiring ? next : next with { IsFiring = fires, Turn = state.Turn + 1, Since = now, Firings = Turned(state.Firings ?? [], fires, now) };
    }

    /// <summary>The next evaluation after <paramref name="now"/> in the rhythm of the last one; those that were missed are not made up for.</summary>
    public static DateTimeOffset NextAt(Rule rule, DateTimeOffset last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var missed = Math.Max(0, (now - last) / rule.Every);
        return last + (rule.Every * (Math.Floor(missed) + 1));
    }

    static IReadOnlyList<Firing> Turned(IReadOnlyList<Firing> firings, bool fires, DateTimeOffset now) => fires
        ? [.. firings.TakeLast(RuleState.MaxFirings - 1), new Firing(now, null)]
        : [.. firings.SkipLast(1), .. firings.TakeLast(1).Select(last => last with { To = now })];

    static string Reason(Rule rule, double value, bool fires, long count, DateTimeOffset from, DateTimeOffset now)
    {
        var condition = rule.Condition;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{condition.Aggregate} of {rule.Watched} is {Number(value)} over {Durations.Say(now - from)} ({count} {(count == 1 ? "value" : "values")}); {(fires ? "it fires at" : "it would fire at")} {condition.Operator} {Number(condition.Threshold)}.");
    }

    static string NoData(Rule rule, RuleState state, DateTimeOffset from, DateTimeOffset now) =>
        $"No data: {rule.Watched} had no value for {Durations.Say(now - from)}. {(state.IsFiring ? "It keeps firing until a value says that it is over." : "It does not fire on nothing.")}";

    /// <summary>As many digits as a sketch knows and a reader wants.</summary>
    static string Number(double value) => value.ToString(Math.Abs(value) is >= 1e15 or (< 1 and > 0) ? "G4" : "0.##", CultureInfo.InvariantCulture);
}
