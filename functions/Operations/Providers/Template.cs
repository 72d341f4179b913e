using System.Text.RegularExpressions;

namespace Watchdesk.Operations.Providers;

/// <summary>Texts with {placeholders}.</summary>
static partial class Template
{
    /// <summary>A placeholder without a value stays as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values, Func<string, string>? escape = null) =>
        Placeholder().Replace(text, match => values.TryGetValue(match.Groups["name"].Value, out var value) ? escape?.Invoke(value) ?? value : match.Value);

    public static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"\{(?<name>[A-Za-z][A-Za-z0-9]*)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
