using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <summary>What a request asks for, and the words for what it lacks.</summary>
static class Resolving
{
    /// <summary>What was given beside the sentence wins over what stands in it.</summary>
    public static Match Of(ProviderTable table, Operation operation)
    {
        var match = table.Match(operation.Text, operation.Intent);
        if (match is not { Provider: { } provider, Intent: { } intent } || operation.Given.Count == 0)
        {
            return match;
        }

        var arguments = match.Arguments.Concat(operation.Given).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Last().Value, StringComparer.Ordinal);
        return table.Match(provider.Id, intent.Name, arguments);
    }

    /// <summary>Why it cannot be run, and what to say instead.</summary>
    public static string Reason(Match match)
    {
        var problems = string.Join(' ', match.Problems);
        var nearest = match.Nearest.Count > 0 ? $"Did you mean: {string.Join("; ", match.Nearest.Select(sentence => $"“{sentence}”"))}?" : "";
        var what = match.Kind == MatchKind.Unknown && problems.Length == 0 ? "This was not understood. Begin with who is asked, for example azure, aws or scheduler, and say what it is to do." : problems;
        return string.Join(' ', new[] { what, nearest }.Where(part => part.Length > 0));
    }

    public static string NotAllowed(Match match, Asker asker) => $"{match.Preview.TrimEnd('.')}: this needs the role {Words.Of(match.Role)}; {asker.Name} is {Words.Of(asker.Role)}. Ask an admin.";
}
