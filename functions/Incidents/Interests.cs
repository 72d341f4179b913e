using Watchdesk.Tenants.People;

namespace Watchdesk.Incidents;

/// <summary>What one person has subscribed to, by himself or through groups.</summary>
public sealed class Interests(IReadOnlyList<Subscription> mine)
{
    public static readonly Interests None = new([]);

    public static Interests Of(string user, IReadOnlyList<Subscription> all, IReadOnlyList<Group> groups)
    {
        var held = groups.Where(group => group.Members.Contains(user, StringComparer.Ordinal)).Select(group => group.Id).ToHashSet(StringComparer.Ordinal);
        return new Interests([.. all.Where(subscription => subscription.IsGroup ? held.Contains(subscription.Holder) : subscription.Holder == user)]);
    }

    public IReadOnlyList<Subscription> Mine => mine;

    /// <summary>The nearest; <see cref="Interest.All"/> for nothing subscribed.</summary>
    public Interest In(Incident incident) => mine.Where(subscription => subscription.Matches(incident)).Select(subscription => subscription.Interest).DefaultIfEmpty(Interest.All).Max();
}

/// <summary>Reads what somebody has subscribed to.</summary>
public sealed class InterestStore(SubscriptionStore subscriptions, Groups groups)
{
    public async Task<Interests> ReadAsync(string tenant, string user, CancellationToken cancellationToken)
    {
        var all = await subscriptions.ListAsync(tenant, cancellationToken);
        return Interests.Of(user, all, all.Any(subscription => subscription.IsGroup) ? await groups.ListAsync(tenant, cancellationToken) : []);
    }
}
