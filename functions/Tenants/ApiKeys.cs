using System.Security.Cryptography;
using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>
/// Keys of programs, <c>wd_{12 base62}_{32 base62}</c>: stored as SHA-256, shown once. A revoked key is refused here at
/// once and on other instances within a minute.
/// </summary>
public sealed class ApiKeys(ITables tables, EventLog log, TimeProvider clock)
{
    public const string Prefix = "wd_";
    const int SecretLength = 32;

    readonly KeyList _list = new(tables, log);
    readonly Remembered<Stored> _remembered = new(4096, TimeSpan.FromSeconds(60));

    public async Task<NewKey> CreateAsync(string tenant, string name, Role role, Scopes scopes, string createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = SecretText.Random(ApiKey.IdLength);
        var text = $"{Prefix}{id}_{SecretText.Random(SecretLength)}";
        var key = new ApiKey(tenant, id, KeyKind.Api, name, role, scopes, now, createdBy);
        var row = KeyList.ToRow(key, id[..2], id);
        row["Hash"] = Keys.Hash(text);
        await _list.AddAsync(key, Keys.Hash(text), (Tables.ApiKeys, row), cancellationToken);
        return new NewKey(key, text);
    }

    /// <summary>The key's caller; null when the text is no key, or the key is unknown or revoked.</summary>
    public async ValueTask<Caller?> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IdOf(text) is not { } id)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var stored = _remembered.Get(id, now);
        if (stored is null)
        {
            var row = await tables.GetAsync(Tables.ApiKeys, id[..2], id, cancellationToken: cancellationToken);
            if (row?.Text("Hash") is not { } hash)
            {
                return null;
            }

            stored = new Stored(KeyList.FromRow(row, id).ToCaller(), Convert.FromHexString(hash));
            _remembered.Set(id, stored, now);
        }

        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), stored.Hash) ? stored.Caller : null;
    }

    /// <summary>False when the tenant has no such key.</summary>
    public async Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var hash = await _list.RemoveAsync(tenant, KeyKind.Api, id, _ => (Tables.ApiKeys, new TableRow(id[..2], id)), cancellationToken);
        _remembered.Forget(id);
        return hash is not null;
    }

    /// <summary>All keys of a tenant, of every kind.</summary>
    public Task<(IReadOnlyList<ApiKey> Keys, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken) =>
        _list.PageAsync(tenant, limit, next, cancellationToken);

    static string? IdOf(string text) =>
        text.Length == Prefix.Length + ApiKey.IdLength + 1 + SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length + ApiKey.IdLength] == '_'
        && SecretText.IsBase62(text.AsSpan(Prefix.Length, ApiKey.IdLength))
        && SecretText.IsBase62(text.AsSpan(Prefix.Length + ApiKey.IdLength + 1))
            ? text.Substring(Prefix.Length, ApiKey.IdLength)
            : null;

    sealed record Stored(Caller Caller, byte[] Hash);
}
