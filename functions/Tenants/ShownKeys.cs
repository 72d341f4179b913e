using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>Keys in the address <c>/badge/{secret}</c>; each shows one job or the whole tenant.</summary>
public sealed class BadgeKeys(ITables tables, EventLog log, TimeProvider clock) : ShownKeys(tables, log, clock, KeyKind.Badge);

/// <summary>Keys in the address <c>/status/{secret}</c>; each shows the tenant or a part of it.</summary>
public sealed class StatusKeys(ITables tables, EventLog log, TimeProvider clock) : ShownKeys(tables, log, clock, KeyKind.Status);

/// <summary>Keys in the address <c>/calendar/{secret}.ics</c>; each shows who is on call.</summary>
public sealed class CalendarKeys(ITables tables, EventLog log, TimeProvider clock) : ShownKeys(tables, log, clock, KeyKind.Calendar);

/// <summary>Keys in addresses that show something to whoever has them.</summary>
public abstract class ShownKeys(ITables tables, EventLog log, TimeProvider clock, KeyKind kind)
{
    readonly AddressKeys _keys = new(tables, log, clock, kind);

    public Task<NewKey> CreateAsync(string tenant, string name, KeyPart part, string createdBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        _keys.CreateAsync(tenant, name, Scopes.None, part, createdBy, now, cancellationToken);

    /// <summary>Null when it is unknown or revoked.</summary>
    public ValueTask<Opened?> FindAsync(string text, CancellationToken cancellationToken) => _keys.FindAsync(text, cancellationToken);

    /// <summary>False when the tenant has no such key.</summary>
    public Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken) => _keys.RevokeAsync(tenant, id, cancellationToken);
}
