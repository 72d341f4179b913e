using Watchdesk.Notices;
using Watchdesk.Tenants.People;

namespace Watchdesk.Incidents;

/// <summary>Reads whom the policy may tell of some incidents: people only where a subscription fits.</summary>
public sealed class ReachStore(ChannelStore channels, SubscriptionStore subscriptions, SilenceStore silences, Groups groups, PersonChannels people)
{
    public async Task<Reach> ReadAsync(string tenant, IReadOnlyCollection<Incident> incidents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var ways = channels.ListForAsync(tenant, incidents.SelectMany(incident => incident.Audience), cancellationToken);
        var silent = silences.ListAsync(tenant, cancellationToken);
        var wanted = (await subscriptions.ListAsync(tenant, cancellationToken)).Where(subscription => incidents.Any(subscription.Matches)).ToList();
        IReadOnlyList<Group> known = wanted.Exists(subscription => subscription.IsGroup) ? await groups.ListAsync(tenant, cancellationToken) : [];
        var held = wanted.SelectMany(subscription => Holders(subscription, known).Select(holder => (Holder: holder, Subscription: subscription))).ToList();
        var owners = incidents.Select(incident => incident.Owner).Where(SubscriptionDesk.IsId).ToHashSet(StringComparer.Ordinal);
        var found = (await people.ListAsync(tenant, held.Select(pair => pair.Holder).Take(Most).Concat(owners), cancellationToken)).ToDictionary(person => person.Id, StringComparer.Ordinal);
        return new Reach(
            await ways,
            [.. held.Where(pair => found.ContainsKey(pair.Holder)).Select(pair => new Subscriber(found[pair.Holder], pair.Subscription))],
            [.. found.Values.Where(person => owners.Contains(person.Id))],
            [.. (await silent).Where(silence => silence.IsOn(now))]);
    }

    /// <summary>Pairs of person and subscription that are looked at.</summary>
    const int Most = 500;

    static IEnumerable<string> Holders(Subscription subscription, IReadOnlyList<Group> groups) =>
        subscription.IsGroup ? groups.FirstOrDefault(group => group.Id == subscription.Holder)?.Members ?? [] : [subscription.Holder];
}
