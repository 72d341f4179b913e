namespace Watchdesk.Incidents;

/// <param name="Reason">A sentence, also when it is none.</param>
/// <param name="Extends">The call is a storm by itself, so that the storm takes what follows for a while.</param>
/// <param name="Total">Subjects of the call that belong to the storm.</param>
public sealed record StormDecision(bool IsStorm, string Reason, bool Extends = false, int Total = 0, string Call = "")
{
    public static StormDecision None { get; } = new(false, "It turned with few others.");
}

/// <summary>
/// When many subjects are one event: more than 20 of a tenant turning bad within 2 min, or a catch-up after Watchdesk itself
/// was away. Those that came before the 21st keep their own incidents. Learned grouping takes this over one day.
/// </summary>
public static class StormRule
{
    public const int MoreThan = 20;

    /// <summary>What turns bad so soon after a storm belongs to it: one tick may come in several calls.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    /// <param name="turned">Subjects that turn bad and have no incident, and those that a dead attempt at this call has put into a storm.</param>
    /// <param name="before">How many incidents have opened within the window before this call.</param>
    /// <param name="lastStormAt">When a call was last a storm whose incident is still open.</param>
    public static StormDecision Decide(int turned, int before, bool isCatchUp, DateTimeOffset? lastStormAt, DateTimeOffset now)
    {
        if (turned > MoreThan)
        {
            return new(true, $"{turned} subjects turned bad at once: more than {MoreThan} make one incident.", Extends: true, turned);
        }

        if (isCatchUp && turned > 1)
        {
            return new(true, $"{turned} subjects turned bad while Watchdesk was away: they make one incident.", Extends: true, turned);
        }

        if (turned > 0 && turned + before > MoreThan)
        {
            return new(true, $"{turned + before} subjects turned bad within {Window.TotalMinutes:0} min: what comes after the first {before} is one incident.", Extends: true, turned);
        }

        return lastStormAt is { } at && now - at <= Window && turned > 0
            ? new(true, $"It turned within {Window.TotalMinutes:0} min of a storm: it belongs to it.", Total: turned)
            : StormDecision.None;
    }
}
