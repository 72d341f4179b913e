namespace Watchdesk.Incidents;

/// <summary>What a signal does.</summary>
public enum Grouped
{
    /// <summary>It is a repetition or older than what is known.</summary>
    Ignored,

    /// <summary>Nothing is open and nothing is wrong: only the turn is kept.</summary>
    Noted,

    /// <summary>It opens an incident of its own.</summary>
    Opens,

    /// <summary>It belongs to the storm.</summary>
    Joins,

    /// <summary>Its open incident changes with it.</summary>
    Changes,

    /// <summary>Its cause is gone.</summary>
    Recovers,
}

/// <param name="Reason">A sentence.</param>
public sealed record GroupDecision(Grouped What, string Reason);

/// <summary>The first step: which incident a signal belongs to. One open incident per subject.</summary>
public static class Grouping
{
    /// <param name="subject">What is known of the subject; null for a new one.</param>
    /// <param name="open">Its open incident, if any.</param>
    /// <param name="storm">Whether what opens now belongs to a storm.</param>
    public static GroupDecision Decide(Signal signal, SubjectState? subject, Incident? open, StormDecision storm)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(storm);
        if (subject is not null && signal.Turn <= subject.Turn)
        {
            return new(Grouped.Ignored, signal.Turn == subject.Turn ? $"Turn {signal.Turn} is known already." : $"Turn {signal.Turn} is older than turn {subject.Turn}.");
        }

        if (open is not null)
        {
            return EffectiveSeverity(signal) is null
                ? new(Grouped.Recovers, open.IsStorm ? "It belongs to this storm." : "Its cause is gone.")
                : new(Grouped.Changes, open.IsStorm ? "It belongs to this storm." : "This incident is open for it.");
        }

        if (signal.Severity is null)
        {
            return new(Grouped.Noted, "Nothing is open for it and nothing is wrong.");
        }

        return storm.IsStorm ? new(Grouped.Joins, storm.Reason) : new(Grouped.Opens, "No incident was open for it.");
    }

    /// <summary>A subject that flaps keeps its incident open, as a warning, while it is good.</summary>
    public static Severity? EffectiveSeverity(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.Severity ?? (signal.IsFlapping ? Severity.Warning : null);
    }
}
