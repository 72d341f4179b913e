using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>What an address key opens.</summary>
/// <param name="Name">Of the key.</param>
public sealed record Opened(string Tenant, KeyPart Part, string Name);

/// <summary>
/// Keys that stand in addresses: 22 base62, stored as SHA-256 in <c>pings</c>, shown once. A revoked one is refused here
/// at once and on other instances within a minute.
/// </summary>
sealed class AddressKeys(ITables tables, EventLog log, TimeProvider clock, KeyKind kind)
{
    public const int Length = 22;

    readonly KeyList _list = new(tables, log);
    readonly Remembered<Opened> _remembered = new(1024, TimeSpan.FromSeconds(60));

    public async Task<NewKey> CreateAsync(string tenant, string name, Scopes scopes, KeyPart part, string createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = SecretText.Random(Length);
        var hash = HashOf(text);
        var key = new ApiKey(tenant, hash[..ApiKey.IdLength], kind, name, Role.None, scopes, now, createdBy) { Part = part };
        var found = new TableRow(hash[..2], hash) { ["V"] = 1, ["Tenant"] = tenant, ["Name"] = name, ["Job"] = part.Job, ["Org"] = part.Org, ["Tag"] = part.Tag };
        await _list.AddAsync(key, hash, (Tables.Pings, found), cancellationToken);
        return new NewKey(key, text);
    }

    /// <summary>Null when it is unknown or revoked.</summary>
    public async ValueTask<Opened?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text is not { Length: Length } || !SecretText.IsBase62(text))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var hash = HashOf(text);
        if (_remembered.Get(hash, now) is { } known)
        {
            return known;
        }

        var row = await tables.GetAsync(Tables.Pings, hash[..2], hash, cancellationToken: cancellationToken);
        if (row?.Text("Tenant") is not { } tenant)
        {
            return null;
        }

        var found = new Opened(tenant, KeyList.PartOf(row), row.Text("Name") ?? "");
        _remembered.Set(hash, found, now);
        return found;
    }

    /// <summary>False when the tenant has no such key.</summary>
    public async Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (await _list.RemoveAsync(tenant, kind, id, hash => (Tables.Pings, new TableRow(hash[..2], hash)), cancellationToken) is not { } removed)
        {
            return false;
        }

        _remembered.Forget(removed);
        return true;
    }

    /// <summary>The kind is part of what is hashed, so that a badge's secret cannot ping.</summary>
    string HashOf(string text) => Keys.Hash(kind == KeyKind.Ping ? text : $"{Words.Of(kind)}/{text}");
}
