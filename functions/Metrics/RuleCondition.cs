using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>
/// <c>&lt;aggregate&gt; &lt;parameter&gt; &lt;window Xd_Xh_Xm_Xs&gt; &lt;op&gt; &lt;number&gt;</c>, for example <c>P99 time_taken 0d_0h_5m_0s &gt; 200</c>:
/// the aggregate of the metric over the window that ends now, compared with a number.
/// </summary>
/// <param name="Window">Zero is the time since the last evaluation.</param>
public sealed record RuleCondition(string Text, Aggregate Aggregate, string Parameter, TimeSpan Window, string Operator, double Threshold)
{
    public const string Field = "rule_condition";
    public const int MaxText = 500;
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);
    const string Example = "P99 time_taken 0d_0h_5m_0s > 200";
    const string Form = "<aggregate> <parameter> <window Xd_Xh_Xm_Xs> <op> <number>, for example " + Example;

    static readonly string[] Parts = ["an aggregate", "a parameter, the name of a metric,", "a window Xd_Xh_Xm_Xs", "an operator", "a number"];

    /// <exception cref="ScheduleFormatException">It cannot be read; the error points at the column.</exception>
    public static RuleCondition Parse(string? text)
    {
        if (text is not { Length: > 0 and <= MaxText })
        {
            throw new ScheduleFormatException(Field, $"it has 1 to {MaxText} characters: {Form}.", 1);
        }

        var words = Words(text);
        if (words.Count < Parts.Length)
        {
            throw Missing(text, words);
        }

        if (words.Count > Parts.Length)
        {
            throw new ScheduleFormatException(Field, "nothing belongs behind the number.", words[Parts.Length].Start + 1);
        }

        var aggregate = Aggregate.Parse(Word(0)) ?? throw Wrong(0, $"the aggregate is {Aggregate.Known}, for example {Example}");
        var parameter = MetricKey.IsName(Word(1)) ? Word(1) : throw Wrong(1, $"a metric has 1 to {MetricKey.MaxName} characters");
        var window = RuleDuration.Parse(Field, Word(2), LongestWindow, words[2].Start + 1);
        var comparison = IsOperator(Word(3)) ? Word(3) : throw Wrong(3, "the operator is >, >=, <, <=, == or !=, for example > 200");
        var threshold = double.TryParse(Word(4), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Wrong(4, "this is not a number such as 200, -5 or 0.5");
        return new RuleCondition(text, aggregate, parameter, window, comparison, threshold);

        string Word(int n) => text.Substring(words[n].Start, words[n].Length);

        ScheduleFormatException Wrong(int n, string reason) => new(Field, reason + ".", words[n].Start + 1);
    }

    public bool IsMetBy(double value) => Operator switch
    {
        ">" => value > Threshold,
        ">=" => value >= Threshold,
        "<" => value < Threshold,
        "<=" => value <= Threshold,
        "==" => value == Threshold,
        _ => value != Threshold,
    };

    static bool IsOperator(string word) => word is ">" or ">=" or "<" or "<=" or "==" or "!=";

    /// <summary>What stands where a metric or a window belongs tells that it was left out; else the end is missing.</summary>
    static ScheduleFormatException Missing(string text, List<(int Start, int Length)> words)
    {
        var given = words.ConvertAll(word => text.Substring(word.Start, word.Length));
        var missing = given.Count > 1 && (IsOperator(given[1]) || RuleDuration.IsLike(given[1])) ? 1
            : given.Count > 2 && IsOperator(given[2]) ? 2
            : given.Count;
        return new ScheduleFormatException(Field, $"{Parts[missing]} is missing here: {Form}.", missing < words.Count ? words[missing].Start + 1 : text.Length + 1);
    }

    static List<(int Start, int Length)> Words(string text)
    {
        var words = new List<(int, int)>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (end > at)
            {
                words.Add((at, end - at));
            }

            at = end + 1;
        }

        return words;
    }
}
