using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>People and their logins. A login is an insert-only row, so it is unique in the installation.</summary>
public sealed class UserStore(ITables tables, EventLog log)
{
    /// <summary>A login whose user was never written is free again after this time.</summary>
    static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    /// <summary>After all ids: two admins who take each other's rights at once both write this row, so one is refused.</summary>
    const string Guard = "~admins";

    readonly LoginRows _logins = new(tables);
    readonly Remembered<User> _recent = new(10_000, TimeSpan.FromSeconds(60));

    /// <summary>False when the login belongs to somebody.</summary>
    public async Task<bool> CreateAsync(User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return await ClaimAsync(user.Login, user, now, cancellationToken) && await CreateClaimedAsync(user, now, cancellationToken);
    }

    /// <summary>Somebody whose login was claimed within the last minute. False when there is one with this id.</summary>
    public async Task<bool> CreateClaimedAsync(User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var row = UserRows.Of(user);
        await log.AppendRowsAsync(user.Tenant, [(Tables.Users, row), (Tables.Logins, LoginRows.Of(user.Login, user, now))], cancellationToken);
        return (await tables.WriteAsync(Tables.Users, TableWrite.Insert(row), cancellationToken)).IsDone;
    }

    public async Task<User?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Users, tenant, id, cancellationToken: cancellationToken) is { } row ? UserRows.Read(row) : null;

    /// <summary>Null when nobody has this login.</summary>
    public async Task<User?> FindAsync(string login, CancellationToken cancellationToken)
    {
        if (_logins.Known(login) is { } known && await GetAsync(known.Tenant, known.User, cancellationToken) is { } same && Has(same, login))
        {
            return same;
        }

        return await _logins.FindAsync(login, cancellationToken) is { } found ? await GetAsync(found.Tenant, found.User, cancellationToken) : null;
    }

    /// <summary>As it was within the last minute; what changed here is known at once.</summary>
    public async Task<User?> FindRecentAsync(string login, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = login.ToLowerInvariant();
        if (_recent.Get(key, now) is { } recent)
        {
            return recent;
        }

        var user = await FindAsync(login, cancellationToken);
        if (user is not null)
        {
            _recent.Set(key, user, now);
        }

        return user;
    }

    public async Task<(IReadOnlyList<User> Users, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Users, tenant, Before: Guard, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(UserRows.Read)], page.Continuation);
    }

    /// <summary>Reads, changes and writes one user; again when somebody else was faster. Null when there is no such user.</summary>
    /// <exception cref="InvalidRequestException">The tenant would be without an admin.</exception>
    public async Task<User?> ChangeAsync(string tenant, string id, Func<User, User> change, CancellationToken cancellationToken) =>
        await GetAsync(tenant, id, cancellationToken) is { } user ? await ChangeAsync(user, change, cancellationToken) : null;

    /// <summary>The same of one that was read already: it is read again only when somebody else was faster.</summary>
    public async Task<User?> ChangeAsync(User user, Func<User, User> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(change);
        for (var before = user; before is not null; before = await GetAsync(user.Tenant, user.Id, cancellationToken))
        {
            var changed = change(before);
            var written = UserRows.Of(changed);
            var guard = before.IsActiveAdmin && !changed.IsActiveAdmin ? await AnotherAdminAsync(before, cancellationToken) : [];
            await log.AppendRowsAsync(user.Tenant, [(Tables.Users, written)], cancellationToken);
            var result = await tables.WriteAsync(Tables.Users, [TableWrite.Replace(written, before.ETag!), .. guard], cancellationToken);
            _recent.Forget(before.Login);
            if (result.IsDone)
            {
                return changed with { ETag = result.ETags[0] };
            }
        }

        return null;
    }

    /// <summary>The user who was deleted; null when there is none. The one who deletes the row frees its logins.</summary>
    /// <exception cref="InvalidRequestException">The tenant would be without an admin.</exception>
    public async Task<User?> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        for (var before = user; before is not null; before = await GetAsync(user.Tenant, user.Id, cancellationToken))
        {
            var guard = before.IsActiveAdmin ? await AnotherAdminAsync(before, cancellationToken) : [];
            var logins = LoginsOf(before).Select(login => (Tables.Logins, LoginRows.Of(login, before, DateTimeOffset.UnixEpoch)));
            await log.AppendDeletedAsync(user.Tenant, [(Tables.Users, new TableRow(user.Tenant, user.Id)), .. logins], cancellationToken);
            var result = await tables.WriteAsync(Tables.Users, [TableWrite.Delete(user.Tenant, user.Id, before.ETag!), .. guard], cancellationToken);
            _recent.Forget(before.Login);
            if (result.IsDone)
            {
                foreach (var login in LoginsOf(before))
                {
                    await _logins.FreeAsync(login, before, cancellationToken);
                }

                return before;
            }
        }

        return null;
    }

    /// <summary>A claim comes to nothing.</summary>
    public Task UnclaimAsync(User user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return _logins.FreeAsync(user.Login, user, cancellationToken);
    }

    /// <summary>A login that led to the user does so no more.</summary>
    public async Task UnlinkAsync(string login, User user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await log.AppendDeletedAsync(user.Tenant, [(Tables.Logins, LoginRows.Of(login, user, DateTimeOffset.UnixEpoch))], cancellationToken);
        await _logins.FreeAsync(login, user, cancellationToken);
        _recent.Forget(login.ToLowerInvariant());
    }

    /// <summary>Makes another login, the Entra object id, lead to the user. False when it belongs to somebody else.</summary>
    public async Task<bool> LinkAsync(string login, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!await ClaimAsync(login, user, now, cancellationToken))
        {
            return false;
        }

        await log.AppendRowsAsync(user.Tenant, [(Tables.Logins, LoginRows.Of(login, user, now))], cancellationToken);
        return true;
    }

    /// <summary>Makes the login lead to the user, who has to be written within a minute. False when it belongs to somebody else.</summary>
    public async Task<bool> ClaimAsync(string login, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = LoginRows.Of(login, user, now);
        if (await _logins.InsertAsync(row, cancellationToken))
        {
            return true;
        }

        var held = await tables.GetAsync(Tables.Logins, row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        if (held?.Text("User") == user.Id)
        {
            return true;
        }

        return held is not null && held.Time("At") < now - ClaimLasts
            && await GetAsync(held.Text("Tenant")!, held.Text("User")!, cancellationToken) is null
            && (await tables.WriteAsync(Tables.Logins, TableWrite.Replace(row, held.ETag!), cancellationToken)).IsDone;
    }

    /// <summary>What to write in the same transaction so that an admin stays.</summary>
    async Task<TableWrite[]> AnotherAdminAsync(User user, CancellationToken cancellationToken)
    {
        var guard = await tables.GetAsync(Tables.Users, user.Tenant, Guard, cancellationToken: cancellationToken);
        var others = new TableQuery(Tables.Users, user.Tenant, Before: Guard);
        await foreach (var row in tables.QueryAllAsync(others, cancellationToken))
        {
            if (row.RowKey != user.Id && UserRows.Read(row).IsActiveAdmin)
            {
                var written = new TableRow(user.Tenant, Guard) { ["V"] = 1 };
                return [guard is null ? TableWrite.Insert(written) : TableWrite.Replace(written, guard.ETag!)];
            }
        }

        throw new InvalidRequestException("This is the last admin: make somebody else an admin first.");
    }

    static bool Has(User user, string login) =>
        string.Equals(user.Login, login, StringComparison.OrdinalIgnoreCase) || string.Equals(user.EntraId, login, StringComparison.OrdinalIgnoreCase);

    static IEnumerable<string> LoginsOf(User user) => user.EntraId is null ? [user.Login] : [user.Login, user.EntraId];
}
