using System.Collections.Concurrent;
using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>Logins as rows, first 2 hex | sha256(login): insert-only, so that a login is unique in the installation.</summary>
sealed class LoginRows(ITables tables)
{
    const int MaxKnown = 10_000;

    readonly ConcurrentDictionary<string, (string Tenant, string User, string ETag)> _known = new(StringComparer.Ordinal);

    /// <summary>Where the login led when it was last read: whoever uses it looks whether the user still has it.</summary>
    public (string Tenant, string User)? Known(string login) => _known.TryGetValue(KeyOf(login).Key, out var known) ? (known.Tenant, known.User) : null;

    public async Task<(string Tenant, string User)?> FindAsync(string login, CancellationToken cancellationToken)
    {
        var (partition, key) = KeyOf(login);
        var row = await tables.GetAsync(Tables.Logins, partition, key, cancellationToken: cancellationToken);
        if (row?.Text("Tenant") is not { } tenant || row.Text("User") is not { } user)
        {
            return null;
        }

        Remember(key, tenant, user, row.ETag!);
        return (tenant, user);
    }

    /// <summary>False when the login has a row already.</summary>
    public async Task<bool> InsertAsync(TableRow row, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(Tables.Logins, TableWrite.Insert(row), cancellationToken);
        if (result.IsDone)
        {
            Remember(row.RowKey, row.Text("Tenant")!, row.Text("User")!, result.ETags[0]!);
        }

        return result.IsDone;
    }

    /// <summary>Only when it leads to this user.</summary>
    public async Task FreeAsync(string login, User user, CancellationToken cancellationToken)
    {
        var (partition, key) = KeyOf(login);
        if (_known.TryRemove(key, out var known) && known.User == user.Id
            && (await tables.WriteAsync(Tables.Logins, TableWrite.Delete(partition, key, known.ETag), cancellationToken)).IsDone)
        {
            return;
        }

        if (await tables.GetAsync(Tables.Logins, partition, key, cancellationToken: cancellationToken) is { } row && row.Text("User") == user.Id)
        {
            await tables.WriteAsync(Tables.Logins, TableWrite.Delete(partition, key, row.ETag!), cancellationToken);
        }
    }

    public static TableRow Of(string login, User user, DateTimeOffset now)
    {
        var (partition, key) = KeyOf(login);
        return new TableRow(partition, key) { ["V"] = 1, ["Tenant"] = user.Tenant, ["User"] = user.Id, ["At"] = now };
    }

    void Remember(string key, string tenant, string user, string etag)
    {
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[key] = (tenant, user, etag);
    }

    static (string Partition, string Key) KeyOf(string login)
    {
        var hash = Keys.Hash(login.ToLowerInvariant());
        return (hash[..2], hash);
    }
}
