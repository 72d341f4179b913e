namespace Watchdesk.Metrics;

/// <summary>What a rule would have done.</summary>
/// <param name="From">Of the time that was tried: 30 d back, or as far as the points fit into memory.</param>
/// <param name="Every">How often it was evaluated: as often as it says, or less often when that would take too long.</param>
/// <param name="NoData">Evaluations that found nothing.</param>
/// <param name="Count">How often it would have begun to fire.</param>
/// <param name="Fired">When, the latest 1,000.</param>
/// <param name="DidFire">When the stored rule of the same name and namespace did fire since <paramref name="ComparedFrom"/>; absent when there is none.</param>
/// <param name="ComparedFrom">Since when it is known whether it did fire: since the rule was made, or since the oldest of its last 100 alarms. Nothing before is compared.</param>
/// <param name="More">Of <paramref name="Fired"/> what did not fire.</param>
/// <param name="Less">Of <paramref name="DidFire"/> what would not have.</param>
public sealed record TrialAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    TimeSpan Every,
    int Evaluations,
    int NoData,
    int Count,
    IReadOnlyList<Firing> Fired,
    IReadOnlyList<Firing>? DidFire,
    DateTimeOffset? ComparedFrom,
    IReadOnlyList<Firing> More,
    IReadOnlyList<Firing> Less);
