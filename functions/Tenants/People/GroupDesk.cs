using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>Makes and changes groups: the one way for API and pages.</summary>
public sealed class GroupDesk(Groups groups, UserStore users, TimeProvider clock)
{
    /// <param name="id">Null for a new group.</param>
    /// <param name="expected">The tag that the caller saw; null for any.</param>
    /// <returns>Null when the group was changed or deleted since the caller looked.</returns>
    /// <exception cref="InvalidRequestException">The name is taken or wrong, or a member is nobody of the tenant.</exception>
    public async Task<Group?> SaveAsync(string tenant, string? id, string name, IReadOnlyList<string> members, string? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(members);
        if (name.Trim().Length is 0 or > Group.MaxNameLength || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"name must be 1 to {Group.MaxNameLength} characters without control characters.");
        }

        var known = await groups.ListAsync(tenant, cancellationToken);
        if (known.Any(other => other.Id != id && string.Equals(other.Name, name.Trim(), StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidRequestException("There is a group of this name already.");
        }

        var stored = known.FirstOrDefault(other => other.Id == id);
        if (id is not null && (stored is null || (expected is not null && expected != stored.Tag)))
        {
            return null;
        }

        if (id is null && known.Count >= Group.MaxPerTenant)
        {
            throw new InvalidRequestException($"A tenant has at most {Group.MaxPerTenant} groups: delete one first.");
        }

        var group = new Group(tenant, id ?? Keys.NewId(clock.GetUtcNow()), name.Trim(), [.. members.Distinct(StringComparer.Ordinal)]) { ETag = stored?.ETag ?? "" };
        await CheckAsync(group, stored?.Members ?? [], cancellationToken);
        return await groups.PutAsync(group, cancellationToken);
    }

    /// <summary>Members whom it had already may be gone; new ones must be there.</summary>
    async Task CheckAsync(Group group, IReadOnlyList<string> had, CancellationToken cancellationToken)
    {
        if (group.Members.Count > Group.MaxMembers)
        {
            throw new InvalidRequestException($"A group has at most {Group.MaxMembers} members.");
        }

        foreach (var member in group.Members.Except(had, StringComparer.Ordinal))
        {
            if (member.Length is 0 or > 64 || !member.All(char.IsAsciiLetterOrDigit) || await users.GetAsync(group.Tenant, member, cancellationToken) is null)
            {
                throw new InvalidRequestException("members must be ids of people of this tenant.");
            }
        }
    }
}
