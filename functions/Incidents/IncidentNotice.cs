using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What people get to read of an incident.</summary>
static class IncidentNotice
{
    const int MaxNamed = 20;

    public static Notice Of(string tenant, Incident incident, NoticeKind kind, NoticeKey key, IReadOnlyList<Recipient> recipients)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(recipients);
        var isOver = kind == NoticeKind.Resolved;
        return new Notice(
            $"{incident.Id}.{key.Change}",
            tenant,
            kind,
            (Level)(isOver ? incident.WorstTold ?? incident.Severity : incident.Severity),
            incident.Id,
            incident.Name,
            kind switch
            {
                NoticeKind.Resolved => Ending(incident, key.At),
                NoticeKind.Reminder => $"Still open since {NoticeText.At(incident.Since)}, and nobody has it. {Standing(incident)}",
                NoticeKind.Assigned => $"This is yours now. {Standing(incident)}",
                _ => Standing(incident),
            },
            incident.Since,
            key.At,
            $"/incidents/{incident.Id}",
            incident.LastGoodAt,
            incident.Host.Length > 0 ? incident.Host : null,
            isOver ? "Nothing, unless you want to know why." : incident.Advice is { Length: > 0 } advice ? advice : "Look at the page and acknowledge it, so that the others know who has it.",
            [.. recipients.Take(MaxNamed).Select(recipient => $"{recipient.Name} ({recipient.Kind})"), .. recipients.Count > MaxNamed ? [$"and {recipients.Count - MaxNamed} more"] : Array.Empty<string>()],
            incident.IsStorm && !isOver ? HostGroup.Lines(incident.Hosts) : null);
    }

    static string Ending(Incident incident, DateTimeOffset now)
    {
        var after = NoticeText.Span(now - incident.Since);
        return incident.ResolvedBy.Length > 0 ? $"Resolved by {incident.ResolvedBy} after {after}: {incident.Resolution}" : $"Good again after {after}. {incident.Resolution}";
    }

    static string Standing(Incident incident) => incident.Reason + (incident.IsFlapping ? " It flaps: good and bad in turn." : "");
}
