using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>Keys in the address <c>/ping/{ping-key}/{slug}</c>; each opens one tenant for pings by slug.</summary>
public sealed class PingKeys(ITables tables, EventLog log, TimeProvider clock)
{
    public const int Length = AddressKeys.Length;

    readonly AddressKeys _keys = new(tables, log, clock, KeyKind.Ping);

    public Task<NewKey> CreateAsync(string tenant, string name, string createdBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        _keys.CreateAsync(tenant, name, Scopes.Ping | Scopes.Create, KeyPart.All, createdBy, now, cancellationToken);

    public static bool IsPingKey(string? text) => text is { Length: Length } && SecretText.IsBase62(text);

    /// <summary>The tenant that the ping key belongs to; null when it is unknown or revoked.</summary>
    public async ValueTask<string?> FindTenantAsync(string text, CancellationToken cancellationToken) =>
        (await _keys.FindAsync(text, cancellationToken))?.Tenant;

    /// <summary>False when the tenant has no such key.</summary>
    public Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken) => _keys.RevokeAsync(tenant, id, cancellationToken);
}
