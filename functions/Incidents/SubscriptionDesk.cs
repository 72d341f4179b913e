using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Incidents;

/// <param name="Group">Id of a group; either this or user.</param>
/// <param name="User">Id of a person.</param>
/// <param name="Interest">responder or interested.</param>
/// <param name="Org">Path such as <c>shop.frontend.ui.*</c>: a * is one level, at the end one or more; * alone is everything.</param>
public sealed record SubscriptionRequest(string? Org, Interest Interest = Interest.Responder, string? Group = null, string? User = null);

public sealed record SubscriptionAnswer(string Id, string Org, Interest Interest, string? Group, string? User)
{
    public static SubscriptionAnswer Of(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return new(subscription.Id, subscription.Org.Text, subscription.Interest, subscription.IsGroup ? subscription.Holder : null, subscription.IsGroup ? null : subscription.Holder);
    }
}

public sealed record SubscriptionList(IReadOnlyList<SubscriptionAnswer> Items, string? Next);

/// <summary>Makes subscriptions: the one way for API and pages. There may be any number.</summary>
public sealed class SubscriptionDesk(SubscriptionStore store, Groups groups, UserStore users, TimeProvider clock)
{
    /// <summary>Who is no admin subscribes for himself only.</summary>
    public static bool MayHold(Caller caller, SubscriptionRequest request)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return caller.Role >= Role.Admin || (request.Group is null && request.User == caller.Id);
    }

    public static bool MayChange(Caller caller, Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(subscription);
        return caller.Role >= Role.Admin || (!subscription.IsGroup && subscription.Holder == caller.Id);
    }

    /// <param name="id">Null for a new one.</param>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<Subscription> SaveAsync(string tenant, string? id, SubscriptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var org = OrgPath.Parse(request.Org);
        if (request.Interest is not (Interest.Responder or Interest.Interested))
        {
            throw new InvalidRequestException("interest is responder or interested.");
        }

        if ((request.Group is null) == (request.User is null))
        {
            throw new InvalidRequestException("Say who subscribes: either group or user, with its id.");
        }

        var isKnown = request.Group is { } group
            ? await groups.GetAsync(tenant, group, cancellationToken) is not null
            : IsId(request.User!) && await users.GetAsync(tenant, request.User!, cancellationToken) is not null;
        if (!isKnown)
        {
            throw new InvalidRequestException(request.Group is null ? "user is the id of a person of this tenant." : "group is the id of a group of this tenant.");
        }

        var subscription = new Subscription(id ?? Keys.NewId(clock.GetUtcNow()), request.Group ?? request.User!, request.Group is not null, request.Interest, org);
        await store.PutAsync(tenant, subscription, cancellationToken);
        return subscription;
    }

    internal static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);
}
