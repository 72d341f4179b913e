using System.Text.Json.Serialization;
using Watchdesk.Incidents;

namespace Watchdesk.Operations.Escalations;

[JsonConverter(typeof(JsonStringEnumConverter<EscalationTarget>))]
public enum EscalationTarget
{
    [JsonStringEnumMemberName("person")]
    Person,

    [JsonStringEnumMemberName("group")]
    Group,

    /// <summary>Whoever has the week by the rotation.</summary>
    [JsonStringEnumMemberName("onCall")]
    OnCall,

    [JsonStringEnumMemberName("channel")]
    Channel,
}

/// <summary>Either somebody is told, or it waits.</summary>
/// <param name="Id">Of the person, group or channel; not for the one on call.</param>
/// <param name="Wait">1 min to 1 d.</param>
public sealed record EscalationStep(EscalationTarget? Notify = null, string? Id = null, TimeSpan? Wait = null);

/// <summary>Whom an incident that nobody takes goes to, one after the other.</summary>
/// <param name="MinSeverity">Incidents of less are left alone.</param>
/// <param name="Org">Pattern of paths; everything when null.</param>
/// <param name="Repeat">How often the steps are gone through again.</param>
public sealed record EscalationPolicy(string Id, string Name, Severity MinSeverity, string? Org, IReadOnlyList<EscalationStep> Steps, int Repeat)
{
    public bool Matches(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident.Severity >= MinSeverity && (Org is null || OrgPath.Parse(Org).MatchesAny(incident.Orgs));
    }

    /// <summary>When the last step is over, counted from its beginning.</summary>
    public TimeSpan Length => (Repeat + 1) * Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + (step.Wait ?? TimeSpan.Zero));
}
