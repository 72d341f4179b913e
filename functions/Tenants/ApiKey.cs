namespace Watchdesk.Tenants;

public enum KeyKind
{
    Api,

    /// <summary>In the address of a ping by slug.</summary>
    Ping,

    /// <summary>In the address of a badge: reads one status and nothing else.</summary>
    Badge,
}

/// <summary>A key as it is listed; its secret is stored only as a hash.</summary>
/// <param name="Id">First part of an API key, or the first 12 digits of an address key's hash.</param>
/// <param name="Job">Of a badge: the one job; null for the whole tenant.</param>
public sealed record ApiKey(string Tenant, string Id, KeyKind Kind, string Name, Role Role, Scopes Scopes, DateTimeOffset CreatedAt, string CreatedBy, string? Job = null)
{
    public const int MaxNameLength = 100;
    public const int IdLength = 12;

    public string Mask => Kind == KeyKind.Api ? $"wd_{Id}_…" : "…";

    public Caller ToCaller() => new(Tenant, Id, "key " + Name, Role, Scopes);

    /// <summary>The role that a key of these scopes needs, when none was named.</summary>
    public static Role RoleFor(Scopes scopes) => scopes switch
    {
        _ when scopes.HasFlag(Scopes.Admin) => Role.Admin,
        _ when scopes.HasFlag(Scopes.Write) => Role.Operator,
        _ when scopes.HasFlag(Scopes.Read) => Role.Reader,
        _ => Role.None,
    };
}

/// <summary>A key that was just made. The text is shown once and stored nowhere.</summary>
public sealed record NewKey(ApiKey Key, string Text)
{
    /// <summary>Never the text: records print their members.</summary>
    public override string ToString() => Key.Mask;
}
