using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations;

/// <param name="Host">As its runs name it.</param>
public sealed record AwaitedBeat(string Host)
{
    /// <summary>The first run of a job that a scheduler itself declares, on whatever host.</summary>
    public const string AnyHost = "any";

    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>What the provider <c>scheduler</c> does beyond others: drain before a restart, and the first heartbeat after it.</summary>
static class HostRestart
{
    const string Provider = "scheduler";
    const string Restart = "restart";

    /// <summary>The intent that lets running jobs end and begins no further ones; null when the tenant has not entered what it needs.</summary>
    public static Intent? DrainOf(Match match, IReadOnlyCollection<string> entered) =>
        IsRestart(match) && match.Provider!.Find("drain") is { } drain && (drain.Call is null || entered.Contains(drain.Call.Path)) ? drain : null;

    public static AwaitedBeat? BeatOf(Match match) => IsRestart(match) ? new AwaitedBeat(match.Arguments.GetValueOrDefault("host", AwaitedBeat.AnyHost)) : null;

    static bool IsRestart(Match match) => match.Provider?.Id == Provider && match.Intent is { } intent && intent.Name.StartsWith(Restart, StringComparison.OrdinalIgnoreCase);
}
