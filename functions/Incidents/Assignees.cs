using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>The people to whom an incident can be given: all of the tenant who may sign in.</summary>
public sealed class Assignees(UserStore users)
{
    const int Most = 1000;

    public async Task<IReadOnlyList<User>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var (all, _) = await users.ListAsync(tenant, Most, null, cancellationToken);
        return [.. all.Where(user => !user.IsDisabled).OrderBy(user => user.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <param name="text">Id or login of a person.</param>
    /// <exception cref="InvalidRequestException">There is no such person here.</exception>
    public async Task<Ownership> FindAsync(string tenant, string? text, CancellationToken cancellationToken)
    {
        var wanted = text?.Trim() ?? "";
        var user = SubscriptionDesk.IsId(wanted) ? await users.GetAsync(tenant, wanted, cancellationToken)
            : User.IsLogin(wanted.ToLowerInvariant()) ? await users.FindAsync(wanted.ToLowerInvariant(), cancellationToken) : null;
        return user is { IsDisabled: false } && user.Tenant == tenant ? new Ownership(user.Id, user.Login) : throw new InvalidRequestException("user is the id or the e-mail address of a person of this tenant.");
    }
}
