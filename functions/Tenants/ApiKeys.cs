using System.Security.Cryptography;
using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>
/// Keys of programs, <c>wd_{12 base62}_{32 base62}</c>: stored as SHA-256, shown once. A revoked key is refused here at
/// once and on other instances within a minute.
/// </summary>
public sealed class ApiKeys(ITables tables, TimeProvider clock)
{
    public const string Prefix = "wd_";
    const int IdLength = 12;
    const int SecretLength = 32;

    readonly Remembered<Stored> _remembered = new(4096, TimeSpan.FromSeconds(60));

    public async Task<NewKey> CreateAsync(string tenant, string name, Role role, Scopes scopes, string createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = SecretText.Random(IdLength);
        var text = $"{Prefix}{id}_{SecretText.Random(SecretLength)}";
        var key = new ApiKey(tenant, id, KeyKind.Api, name, role, scopes, now, createdBy);
        await KeyList.AddAsync(tables, key, "", cancellationToken);
        var row = KeyList.ToRow(key, id[..2], id);
        row["Hash"] = Keys.Hash(text);
        await tables.WriteAsync(Tables.ApiKeys, TableWrite.Insert(row), cancellationToken);
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
        if (id is not { Length: IdLength } || !SecretText.IsBase62(id) || !await KeyList.HasAsync(tables, tenant, KeyKind.Api, id, cancellationToken))
        {
            return false;
        }

        await tables.WriteAsync(Tables.ApiKeys, TableWrite.Delete(id[..2], id), cancellationToken);
        await KeyList.RemoveAsync(tables, tenant, KeyKind.Api, id, cancellationToken);
        _remembered.Forget(id);
        return true;
    }

    /// <summary>All keys of a tenant, API and ping keys.</summary>
    public Task<(IReadOnlyList<ApiKey> Keys, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken) =>
        KeyList.PageAsync(tables, tenant, limit, next, cancellationToken);

    static string? IdOf(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length + IdLength] == '_'
        && SecretText.IsBase62(text.AsSpan(Prefix.Length, IdLength))
        && SecretText.IsBase62(text.AsSpan(Prefix.Length + IdLength + 1))
            ? text.Substring(Prefix.Length, IdLength)
            : null;

    sealed record Stored(Caller Caller, byte[] Hash);
}
