using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>People and their logins. A login is an insert-only row, so it is unique in the installation.</summary>
public sealed class UserStore(ITables tables, EventLog log)
{
    /// <summary>A login whose user was never written is free again after this time.</summary>
    static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    /// <summary>False when the login belongs to somebody.</summary>
    public async Task<bool> CreateAsync(User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!await ClaimAsync(user.Login, user, now, cancellationToken))
        {
            return false;
        }

        var row = ToRow(user);
        await log.AppendRowsAsync(user.Tenant, [(Tables.Users, row), (Tables.Logins, LoginRow(user.Login, user, now))], cancellationToken);
        return (await tables.WriteAsync(Tables.Users, TableWrite.Insert(row), cancellationToken)).IsDone;
    }

    public async Task<User?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Users, tenant, id, cancellationToken: cancellationToken) is { } row ? FromRow(row) : null;

    /// <summary>Null when nobody has this login.</summary>
    public async Task<User?> FindAsync(string login, CancellationToken cancellationToken)
    {
        var (partition, key) = LoginKey(login);
        var row = await tables.GetAsync(Tables.Logins, partition, key, cancellationToken: cancellationToken);
        return row?.Text("Tenant") is { } tenant && row.Text("User") is { } id ? await GetAsync(tenant, id, cancellationToken) : null;
    }

    public async Task<(IReadOnlyList<User> Users, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Users, tenant, Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(FromRow)], page.Continuation);
    }

    /// <summary>Reads, changes and writes one user; again when somebody else was faster. Null when there is no such user.</summary>
    public async Task<User?> ChangeAsync(string tenant, string id, Func<User, User> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await tables.GetAsync(Tables.Users, tenant, id, cancellationToken: cancellationToken) is { } row)
        {
            var changed = change(FromRow(row));
            var written = ToRow(changed);
            await log.AppendRowsAsync(tenant, [(Tables.Users, written)], cancellationToken);
            if ((await tables.WriteAsync(Tables.Users, TableWrite.Replace(written, row.ETag!), cancellationToken)).IsDone)
            {
                return changed;
            }
        }

        return null;
    }

    /// <summary>Makes another login, the Entra object id, lead to the user. False when it belongs to somebody else.</summary>
    public async Task<bool> LinkAsync(string login, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!await ClaimAsync(login, user, now, cancellationToken))
        {
            return false;
        }

        await log.AppendRowsAsync(user.Tenant, [(Tables.Logins, LoginRow(login, user, now))], cancellationToken);
        return true;
    }

    async Task<bool> ClaimAsync(string login, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = LoginRow(login, user, now);
        if ((await tables.WriteAsync(Tables.Logins, TableWrite.Insert(row), cancellationToken)).IsDone)
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

    static (string Partition, string Key) LoginKey(string login)
    {
        var hash = Keys.Hash(login.ToLowerInvariant());
        return (hash[..2], hash);
    }

    static TableRow LoginRow(string login, User user, DateTimeOffset now)
    {
        var (partition, key) = LoginKey(login);
        return new TableRow(partition, key) { ["V"] = 1, ["Tenant"] = user.Tenant, ["User"] = user.Id, ["At"] = now };
    }

    static TableRow ToRow(User user) => new(user.Tenant, user.Id)
    {
        ["V"] = 1,
        ["Login"] = user.Login,
        ["Name"] = user.Name,
        ["Role"] = Words.Of(user.Role),
        ["Disabled"] = user.IsDisabled,
        ["CreatedAt"] = user.CreatedAt,
        ["PasswordHash"] = user.PasswordHash,
        ["EntraId"] = user.EntraId,
        ["SessionsFrom"] = user.SessionsFrom == default ? null : user.SessionsFrom,
    };

    static User FromRow(TableRow row) => new(
        row.PartitionKey,
        row.RowKey,
        row.Text("Login") ?? "",
        row.Text("Name") ?? "",
        Words.ParseRole(row.Text("Role")) ?? Role.None,
        row.Flag("Disabled"),
        row.Time("CreatedAt") ?? default,
        row.Text("PasswordHash"),
        row.Text("EntraId"),
        row.Time("SessionsFrom") ?? default);
}
