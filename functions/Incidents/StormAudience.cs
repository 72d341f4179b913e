using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>Pure: whose own channels hear of a storm, which are those of every rule in it.</summary>
static class StormAudience
{
    /// <summary>As many rules as a tenant has; their list fits one property of a row.</summary>
    const int MaxRules = 1000;

    /// <summary>Only rules own channels.</summary>
    public static bool HasChannels(string subject) => subject.StartsWith("rule:", StringComparison.Ordinal);

    public static IReadOnlyList<string> Add(IReadOnlyList<string> rules, IReadOnlyList<string> joining) => [.. rules.Union(joining, StringComparer.Ordinal).Take(MaxRules)];

    /// <summary>Channels of rules that join a storm which others were told of already, as far as it has not come to their destination.</summary>
    public static IReadOnlyList<Channel> Late(Incident? before, Incident after, IReadOnlyList<Channel> channels)
    {
        if (before?.Told is not { } told || after.Severity > told || after.Rules.Count == before.Rules.Count)
        {
            return [];
        }

        var knowing = before.Audience.Select(Channel.PrefixOf).ToHashSet(StringComparer.Ordinal);
        var reached = channels.Where(channel => channel.Owner is { } owner && knowing.Contains(owner)).Select(channel => channel.Destination).ToHashSet(StringComparer.Ordinal);
        return [.. channels.Where(channel => channel.Owner is { } owner && !knowing.Contains(owner) && !reached.Contains(channel.Destination))];
    }
}
