using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>Who has an incident, since and until when.</summary>
/// <param name="Id">Empty for nobody.</param>
/// <param name="Until">Of an acknowledgement; null for no end.</param>
public sealed record Ownership(string Id, string Name, DateTimeOffset? At = null, DateTimeOffset? Until = null)
{
    public static readonly Ownership Nobody = new("", "");

    public static Ownership Of(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new(incident.Owner, incident.OwnerName, incident.AssignedAt, incident.OwnedUntil);
    }

    /// <summary>The incident in other hands; what was before can be brought back.</summary>
    public static Incident Give(Incident incident, Ownership to, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(to);
        return Set(incident, to, now) with { Prior = Of(incident) };
    }

    /// <summary>What was before the last change of hands; null when there is nothing to undo.</summary>
    public static Incident? Undo(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident.Prior is not { } prior ? null : Set(incident, prior.Until <= now ? Nobody : prior, now) with { Prior = null };
    }

    /// <summary>A sentence of history.</summary>
    public static string Told(Incident before, Ownership to, string by)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(to);
        var until = to.Until is { } at ? $" until {NoticeText.At(at)}; after that nobody has it and reminders go on" : "";
        if (to.Id.Length == 0)
        {
            return before.IsOwned ? $"{by} gave it back; nobody has it." : "Nobody has it.";
        }

        return before.IsOwned && before.Owner != to.Id
            ? $"Handed over from {before.OwnerName} to {to.Name}{until}."
            : $"{to.Name} has it{until}.";
    }

    static Incident Set(Incident incident, Ownership to, DateTimeOffset now) => incident with
    {
        Owner = to.Id,
        OwnerName = to.Name,
        OwnedUntil = to.Until,
        AssignedAt = to.Id.Length == 0 ? null : to.At ?? now,
        FirstAssignedAt = incident.FirstAssignedAt ?? (to.Id.Length == 0 ? null : now),
        ChangedAt = now,
    };
}
