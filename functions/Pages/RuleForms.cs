using System.Globalization;
using Watchdesk.Metrics;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>The form of a rule as a request of the API and back, and what is wrong with a field, shown at its column.</summary>
static class RuleForms
{
    const string Numbers = "0d_0h_5m_0s";

    public static RuleRequest New(string? metric, string? space) =>
        new(metric is null ? null : $"{metric} is high", space, Numbers, $"P99 {metric ?? "time_taken"} {Numbers} > 200", []);

    public static RuleRequest Of(RuleView rule) => new(rule.Name, rule.Namespace, rule.Frequency, rule.RuleCondition, rule.Actions, rule.Severity, rule.Dimensions);

    public static RuleRequest RequestOf(IFormCollection form) => new(
        form["name"].ToString(), form["namespace"].ToString().Trim(), form["frequency"].ToString().Trim(), form["condition"].ToString(),
        [.. Lines(form["actions"].ToString()).Select(ActionOf)],
        form["severity"].ToString() is { Length: > 0 } severity ? severity : null, DimensionsOf(form["dimensions"].ToString()));

    /// <summary>One action a line: its name, a space, its value.</summary>
    public static string Actions(IReadOnlyList<RuleAction>? actions) => string.Join('\n', (actions ?? []).Select(action => $"{action.Name} {action.Value}"));

    /// <summary>One pair a line.</summary>
    public static string Dimensions(IReadOnlyDictionary<string, string>? dimensions) => string.Join('\n', (dimensions ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>Empty when the text is fine.</summary>
    public static string Check(string? condition, string? frequency)
    {
        try
        {
            if (condition is not null)
            {
                RuleCondition.Parse(condition);
            }

            if (frequency is not null)
            {
                RuleDuration.Parse("frequency", frequency, RuleCondition.LongestWindow);
            }

            return "";
        }
        catch (ScheduleFormatException wrong)
        {
            return Explain(wrong, (condition ?? frequency)!);
        }
    }

    /// <summary>The error below the text, with a mark at its column.</summary>
    public static string Explain(ScheduleFormatException wrong, string text) => wrong.Column is not { } column
        ? wrong.Message
        : string.Create(CultureInfo.InvariantCulture, $"{text.ReplaceLineEndings(" ")}\n{new string(' ', Math.Max(0, column - 1))}^\n{wrong.Message}");

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static Dictionary<string, string> DimensionsOf(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in Lines(text).Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)))
        {
            // Without a value it comes back in the form, and is refused.
            pairs[parts[0]] = parts.ElementAtOrDefault(1)!;
        }

        return pairs;
    }

    static RuleAction ActionOf(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new RuleAction(line) : new RuleAction(line[..space], line[(space + 1)..].Trim());
    }
}
