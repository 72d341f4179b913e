namespace Watchdesk.Metrics;

/// <summary>Pure: runs a rule over minutes of the past with the same check as the desk does.</summary>
public static class RuleReplay
{
    /// <summary>Sketches that are merged in all; beyond that it is evaluated less often.</summary>
    const long MostMerges = 1_000_000;

    const int MaxShown = 1000;

    /// <param name="minutes">Sketches of whole minutes, ascending.</param>
    /// <param name="did">When it did fire; null when nobody knows.</param>
    public static TrialAnswer Run(Rule rule, IReadOnlyList<(DateTimeOffset Minute, Sketch Sketch)> minutes, DateTimeOffset from, DateTimeOffset to, KnownFirings? did)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(minutes);
        var every = EveryOf(rule, to - from, minutes.Count);
        var state = new RuleState(from, from);
        var fired = new List<Firing>();
        var (evaluations, noData, first) = (0, 0, 0);
        for (var now = from + every; now <= to; now += every, evaluations++)
        {
            var (start, end) = state.WindowAt(rule, now);
            (start, end) = (MetricWindow.Floor(start), MetricWindow.Ceiling(end));
            while (first < minutes.Count && minutes[first].Minute < start)
            {
                first++;
            }

            var sketch = new Sketch();
            for (var n = first; n < minutes.Count && minutes[n].Minute < end; n++)
            {
                sketch.Merge(minutes[n].Sketch);
            }

            var after = RuleCheck.Evaluate(rule, state, sketch, start, now);
            if (after.Turn > state.Turn)
            {
                Note(fired, after.IsFiring, now);
            }

            noData += sketch.IsEmpty ? 1 : 0;
            state = after;
        }

        var since = did?.Since > from ? did.Since : from;
        IReadOnlyList<Firing>? known = did is null ? null : [.. did.Firings.Where(firing => (firing.To ?? to) > since)];
        return new TrialAnswer(
            from, to, every, evaluations, noData, fired.Count, [.. fired.TakeLast(MaxShown)], known, did is null ? null : since,
            [.. fired.Where(firing => (firing.To ?? to) > since && !Meets(firing, known ?? [], every, to)).TakeLast(MaxShown)], [.. (known ?? []).Where(firing => !Meets(firing, fired, every, to))]);
    }

    static void Note(List<Firing> fired, bool isFiring, DateTimeOffset now)
    {
        if (isFiring)
        {
            fired.Add(new Firing(now, null));
        }
        else
        {
            fired[^1] = fired[^1] with { To = now };
        }
    }

    /// <summary>Points are kept by the minute: evaluating more often than that would find the same.</summary>
    static TimeSpan EveryOf(Rule rule, TimeSpan range, int minutes)
    {
        var every = rule.Every < TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : rule.Every;
        var window = rule.Condition.Window > TimeSpan.Zero ? rule.Condition.Window : every;
        var held = Math.Min(minutes, window.TotalMinutes + 2) + 1;
        var most = Math.Max(1, MostMerges / held);
        return every * Math.Max(1, Math.Ceiling(range / every / most));
    }

    /// <summary>The rhythm of one may be that much behind the other's.</summary>
    static bool Meets(Firing firing, IReadOnlyList<Firing> others, TimeSpan every, DateTimeOffset end) =>
        others.Any(other => firing.From <= (other.To ?? end) + every && other.From <= (firing.To ?? end) + every);
}
