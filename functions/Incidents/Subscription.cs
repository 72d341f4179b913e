using System.Text.Json.Serialization;

namespace Watchdesk.Incidents;

/// <summary>How near something is to somebody; who is interested also hears, who is a responder is also reminded.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Interest>))]
public enum Interest
{
    [JsonStringEnumMemberName("all")]
    All,

    [JsonStringEnumMemberName("interested")]
    Interested,

    [JsonStringEnumMemberName("responder")]
    Responder,
}

/// <summary>A group, or one person, that wants to hear of a part of the organisation.</summary>
/// <param name="Holder">Id of the group or of the person.</param>
/// <param name="Org">Pattern of paths, see <see cref="OrgPath"/>.</param>
public sealed record Subscription(string Id, string Holder, bool IsGroup, Interest Interest, OrgPath Org)
{
    public bool Matches(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return Org.MatchesAny(incident.Orgs);
    }
}
