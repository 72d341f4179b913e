using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>
/// Keys in the address <c>/ping/{ping-key}/{slug}</c>: 22 base62, stored as SHA-256 in <c>pings</c>, shown once. A
/// revoked one is refused here at once and on other instances within a minute.
/// </summary>
public sealed class PingKeys(ITables tables, TimeProvider clock)
{
    public const int Length = 22;
    const int IdLength = 12;

    readonly Remembered<string> _remembered = new(1024, TimeSpan.FromSeconds(60));

    public async Task<NewKey> CreateAsync(string tenant, string name, string createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = SecretText.Random(Length);
        var hash = Keys.Hash(text);
        var key = new ApiKey(tenant, hash[..IdLength], KeyKind.Ping, name, Role.None, Scopes.Ping | Scopes.Create, now, createdBy);
        await KeyList.AddAsync(tables, key, hash, cancellationToken);
        await tables.WriteAsync(Tables.Pings, TableWrite.Insert(new TableRow(hash[..2], hash) { ["V"] = 1, ["Tenant"] = tenant }), cancellationToken);
        return new NewKey(key, text);
    }

    public static bool IsPingKey(string? text) => text is { Length: Length } && SecretText.IsBase62(text);

    /// <summary>The tenant that the ping key belongs to; null when it is unknown or revoked.</summary>
    public async ValueTask<string?> FindTenantAsync(string text, CancellationToken cancellationToken)
    {
        if (!IsPingKey(text))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var hash = Keys.Hash(text);
        if (_remembered.Get(hash, now) is { } known)
        {
            return known;
        }

        var tenant = (await tables.GetAsync(Tables.Pings, hash[..2], hash, cancellationToken: cancellationToken))?.Text("Tenant");
        if (tenant is not null)
        {
            _remembered.Set(hash, tenant, now);
        }

        return tenant;
    }

    /// <summary>False when the tenant has no such key.</summary>
    public async Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (id is not { Length: IdLength } || !SecretText.IsBase62(id) || await KeyList.HashAsync(tables, tenant, id, cancellationToken) is not { } hash)
        {
            return false;
        }

        await tables.WriteAsync(Tables.Pings, TableWrite.Delete(hash[..2], hash), cancellationToken);
        await KeyList.RemoveAsync(tables, tenant, KeyKind.Ping, id, cancellationToken);
        _remembered.Forget(hash);
        return true;
    }
}
