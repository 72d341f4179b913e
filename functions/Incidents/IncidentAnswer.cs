using System.Text.Json.Serialization;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <param name="At">Since when.</param>
/// <param name="Until">Of an acknowledgement: when it goes back to nobody.</param>
public sealed record OwnerAnswer(string Id, string Name, DateTimeOffset? At, DateTimeOffset? Until);

/// <param name="Bad">Subjects that are bad now.</param>
/// <param name="Total">Subjects that ever belonged to it.</param>
public sealed record SubjectCount(int Bad, int Total);

/// <param name="State">open or resolved.</param>
/// <param name="Hosts">Of a storm: its subjects by host.</param>
/// <param name="Reasons">Why the last change was told to whom; only in the answer about one incident.</param>
/// <param name="History">Newest first; only in the answer about one incident.</param>
public sealed record IncidentAnswer(
    string Id,
    string State,
    string Severity,
    string Name,
    string Reason,
    string Subject,
    bool Storm,
    bool Flapping,
    SubjectCount Subjects,
    DateTimeOffset Since,
    DateTimeOffset OpenedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? ResolvedAt,
    string? Resolution,
    string? ResolvedBy,
    OwnerAnswer? Owner,
    string? Host,
    string? Link,
    string? Advice,
    DateTimeOffset? LastGoodAt,
    IReadOnlyList<string>? Hosts,
    IReadOnlyList<string>? Reasons,
    HistoryPage? History)
{
    [JsonIgnore]
    public string ETag { get; init; } = "";

    /// <summary>Paths in the organisation; left out when it is unclassified.</summary>
    public IReadOnlyList<string>? Orgs { get; init; }

    /// <summary>How near it is to who asks; only in lists.</summary>
    public Interest? Interest { get; init; }

    /// <summary>Id of the incident that it was merged into.</summary>
    public string? MergedInto { get; init; }

    public static IncidentAnswer Of(Incident incident, HistoryPage? history = null)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new IncidentAnswer(
            incident.Id,
            incident.IsOpen ? "open" : "resolved",
            Words.Of(incident.Severity),
            incident.Name,
            incident.Reason,
            incident.Subject,
            incident.IsStorm,
            incident.IsFlapping,
            new SubjectCount(incident.Causes.Total, incident.Subjects),
            incident.Since,
            incident.OpenedAt,
            incident.ChangedAt,
            incident.ResolvedAt,
            Text(incident.Resolution),
            Text(incident.ResolvedBy),
            incident.IsOwned ? new OwnerAnswer(incident.Owner, incident.OwnerName, incident.AssignedAt, incident.OwnedUntil) : null,
            Text(incident.Host),
            Text(incident.Link),
            Text(incident.Advice),
            incident.LastGoodAt,
            incident.Hosts.Count > 0 ? HostGroup.Lines(incident.Hosts) : null,
            history is null ? null : incident.Reasons,
            history)
        { ETag = IncidentWriter.Tag(incident), Orgs = incident.Orgs.Count > 0 ? incident.Orgs : null, MergedInto = Text(incident.MergedInto) };
    }

    static string? Text(string text) => text.Length > 0 ? text : null;
}

public sealed record IncidentList(IReadOnlyList<IncidentAnswer> Items, string? Next);

/// <param name="Until">When it goes back to nobody; in 24 hours when left out, at most 30 days ahead.</param>
public sealed record AcknowledgeRequest(DateTimeOffset? Until = null);

/// <param name="Reason">1 to 1,000 characters.</param>
public sealed record ResolveRequest(string? Reason = null);

/// <param name="Text">1 to 2,000 characters.</param>
public sealed record CommentRequest(string? Text = null);

/// <summary>Who would be told, and why.</summary>
/// <param name="Standing">How far the last notice about the open incident has got with each who is told.</param>
/// <param name="Notice">What kind of notice; null when nobody would be told.</param>
public sealed record WhoAnswer(string Severity, string? Subject, string? Incident, NoticeKind? Notice, IReadOnlyList<Recipient> Told, IReadOnlyList<string> Reasons, IReadOnlyList<string> Standing);
