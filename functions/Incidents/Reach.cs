using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>Somebody whom the policy may tell: by a subscription, or because the incident is his.</summary>
public sealed record Subscriber(Person Person, Subscription Subscription);

/// <summary>All that the policy decides from besides the incident.</summary>
/// <param name="Channels">Those of the tenant, and those of subjects that changed.</param>
/// <param name="Owners">People who have one of the incidents, or are given it.</param>
/// <param name="Silences">Those that are on.</param>
public sealed record Reach(IReadOnlyList<Channel> Channels, IReadOnlyList<Subscriber> Subscribers, IReadOnlyList<Person> Owners, IReadOnlyList<Silence> Silences)
{
    public static readonly Reach Nobody = new([], [], [], []);
}
