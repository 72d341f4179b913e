namespace Watchdesk.Incidents;

/// <summary>What one call amounts to, decided as a whole before it is applied in parts.</summary>
/// <param name="Tallies">What it does to storms that are open.</param>
/// <param name="NewStorm">What it does to the storm that it opens, if it opens one.</param>
/// <param name="Rules">The rules that it puts into a storm.</param>
public sealed record CallPlan(StormDecision Storm, IReadOnlyDictionary<string, StormTally> Tallies, StormTally NewStorm, Signal? WorstOfStorm, IReadOnlyList<string> Rules)
{
    public static CallPlan Of(IReadOnlyList<KeyedSignal> signals, IncidentBook book, bool isCatchUp, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(book);
        var call = SignalList.Fingerprint(signals);
        var turned = signals.Where(item => TurnsBad(item, book)).ToList();
        var storm = StormRule.Decide(turned.Count, book.LatestStorm?.OpenedBy(now) ?? 0, isCatchUp, book.Storm is null ? null : book.LatestStorm!.At, now) with { Call = call };
        var recovered = signals.Where(item => Grouping.EffectiveSeverity(item.Signal) is null).Select(item => Recovers(item, book)).OfType<Incident>().CountBy(incident => incident.Id);
        var tallies = recovered.ToDictionary(pair => pair.Key, pair => new StormTally(0, pair.Value, call), StringComparer.Ordinal);
        if (storm.IsStorm && book.Storm is { } open)
        {
            tallies[open.Id] = new StormTally(storm.Total, tallies.GetValueOrDefault(open.Id)?.Recovered ?? 0, call);
        }

        var hosts = storm.IsStorm && book.Storm is null ? HostGroup.Add([], [.. turned.Select(item => item.Signal)]) : [];
        IReadOnlyList<string> rules = storm.IsStorm ? [.. turned.Select(item => item.Signal.Subject).Where(StormAudience.HasChannels)] : [];
        return new CallPlan(storm, tallies, new StormTally(storm.Total, 0, call, hosts), turned.FirstOrDefault()?.Signal, rules);
    }

    /// <summary>Also those that a dead attempt at the same call has put into a storm: doing it again comes to the same decision.</summary>
    static bool TurnsBad(KeyedSignal item, IncidentBook book)
    {
        if (item.Signal.Severity is null)
        {
            return false;
        }

        var subject = book.SubjectOf(item.Key);
        var open = book.OpenFor(subject);
        return subject is null || (item.Signal.Turn > subject.Turn ? open is null : item.Signal.Turn == subject.Turn && open is { IsStorm: true });
    }

    static Incident? Recovers(KeyedSignal item, IncidentBook book) =>
        book.SubjectOf(item.Key) is { } subject && item.Signal.Turn > subject.Turn && book.OpenFor(subject) is { IsStorm: true } storm ? storm : null;
}
