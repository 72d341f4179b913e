using Watchdesk.Hosting;

namespace Watchdesk.Incidents;

/// <summary>Which part of the list somebody wants to see.</summary>
public enum IncidentScope
{
    All,
    Responder,

    /// <summary>Also what one is a responder for.</summary>
    Interested,
    Unclassified,
}

/// <summary>What a list shows.</summary>
/// <param name="Assignee">Id of who has it.</param>
/// <param name="Text">Stands in the name, the reason, the host or a path.</param>
public sealed record IncidentFilter(bool IsOpen = true, IncidentScope Scope = IncidentScope.All, Severity? Severity = null, bool? IsAssigned = null, string? Assignee = null, string? Text = null)
{
    const int MaxText = 200;

    /// <summary>Only a stretch of the rows is read; nothing has to be looked at in them.</summary>
    public bool IsByKey => Scope == IncidentScope.All && Assignee is null && Text is null && (IsOpen ? IsAssigned is null || Severity is not null : Severity is null && IsAssigned is null);

    /// <summary>From <c>state</c>, <c>show</c>, <c>severity</c>, <c>assigned</c>, <c>assignee</c> (me for the caller) and <c>text</c>.</summary>
    /// <exception cref="InvalidRequestException">One of them is none of its words.</exception>
    public static IncidentFilter Read(IQueryCollection query, string caller)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = query["text"].ToString().Trim();
        var assignee = query["assignee"].ToString();
        return new IncidentFilter(
            query["state"].ToString() switch { "" or "open" => true, "resolved" => false, _ => throw new InvalidRequestException("state is open (default) or resolved; ask once for each to have all.") },
            query["show"].ToString() switch
            {
                "" or "all" => IncidentScope.All,
                "responder" => IncidentScope.Responder,
                "interested" => IncidentScope.Interested,
                "unclassified" => IncidentScope.Unclassified,
                _ => throw new InvalidRequestException("show is responder, interested, unclassified or all."),
            },
            query["severity"].ToString() is { Length: > 0 } word ? Words.Read(word) ?? throw new InvalidRequestException("severity is info, warning or critical.") : null,
            query["assigned"].ToString() switch { "" => null, "yes" => true, "no" => false, _ => throw new InvalidRequestException("assigned is yes or no.") },
            assignee.Length is 0 or > 100 ? null : assignee == "me" ? caller : assignee,
            text.Length == 0 ? null : text.Length <= MaxText ? text : throw new InvalidRequestException($"text has at most {MaxText} characters."));
    }

    public bool Shows(Incident incident, Interests interests)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(interests);
        return (Severity is null || incident.Severity == Severity)
            && (IsAssigned is null || incident.IsOwned == IsAssigned)
            && (Assignee is null || incident.Owner == Assignee)
            && Scope switch
            {
                IncidentScope.Responder => interests.In(incident) == Interest.Responder,
                IncidentScope.Interested => interests.In(incident) >= Interest.Interested,
                IncidentScope.Unclassified => incident.Orgs.Count == 0,
                _ => true,
            }
            && (Text is null || Has(incident.Name) || Has(incident.Reason) || Has(incident.Host) || incident.Orgs.Any(Has));
    }

    /// <summary>As it stands in an address, without the question mark; empty when it is the whole open list.</summary>
    public string Query => string.Join('&', new[]
    {
        IsOpen ? null : "state=resolved",
        Scope == IncidentScope.All ? null : "show=" + Scope.ToString().ToLowerInvariant(),
        Severity is { } severity ? "severity=" + Words.Of(severity) : null,
        IsAssigned is { } assigned ? "assigned=" + (assigned ? "yes" : "no") : null,
        Assignee is null ? null : "assignee=" + Uri.EscapeDataString(Assignee),
        Text is null ? null : "text=" + Uri.EscapeDataString(Text),
    }.OfType<string>());

    bool Has(string text) => text.Contains(Text!, StringComparison.OrdinalIgnoreCase);
}
