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

    public static RuleRequest Of(RuleView rule) => new(rule.Name, rule.Namespace, rule.Frequency, rule.RuleCondition, rule.Actions);

    public static RuleRequest RequestOf(IFormCollection form) => new(
        form["name"].ToString(), form["namespace"].ToString().Trim(), form["frequency"].ToString().Trim(), form["condition"].ToString(),
        [.. form["actions"].ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ActionOf)]);

    /// <summary>One action a line: its name, a space, its value.</summary>
    public static string Actions(IReadOnlyList<RuleAction>? actions) => string.Join('\n', (actions ?? []).Select(action => $"{action.Name} {action.Value}"));

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

    static RuleAction ActionOf(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new RuleAction(line) : new RuleAction(line[..space], line[(space + 1)..].Trim());
    }
}
