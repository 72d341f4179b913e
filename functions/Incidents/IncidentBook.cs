namespace Watchdesk.Incidents;

/// <summary>What is stored about the subjects of one call, as it was read or last written by us.</summary>
public sealed class IncidentBook
{
    /// <summary>Subject under whose row the tenant's latest storm is found: two calls at once must not open two.</summary>
    public const string StormSubject = "storm~";

    public Dictionary<string, SubjectState> Subjects { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Incident> Incidents { get; } = new(StringComparer.Ordinal);

    /// <summary>Which incident is or was the latest storm, and when it last grew.</summary>
    public SubjectState? LatestStorm { get; set; }

    public SubjectState? SubjectOf(string key) => Subjects.GetValueOrDefault(key);

    /// <summary>The open incident in which this subject is bad.</summary>
    public Incident? OpenFor(SubjectState? subject) =>
        subject is { Severity: not null } && Incidents.TryGetValue(subject.Incident, out var incident) && incident.IsOpen ? incident : null;

    /// <summary>The latest storm, when it is still open.</summary>
    public Incident? Storm => LatestStorm is not null && Incidents.TryGetValue(LatestStorm.Incident, out var incident) && incident is { IsOpen: true, IsStorm: true } ? incident : null;
}
