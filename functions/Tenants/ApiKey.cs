namespace Watchdesk.Tenants;

public enum KeyKind
{
    Api,

    /// <summary>In the address of a ping by slug.</summary>
    Ping,

    /// <summary>In the address of a badge: reads one status and nothing else.</summary>
    Badge,

    /// <summary>In the address of a status page: reads names, states and since when, and nothing else.</summary>
    Status,

    /// <summary>In the address of a calendar: reads who is on call and nothing else.</summary>
    Calendar,
}

/// <summary>What a key in an address shows of its tenant: all of it when nothing is named.</summary>
/// <param name="Job">Of a badge: the one job.</param>
/// <param name="Org">Of a status page: what matches this path of the organisation.</param>
/// <param name="Tag">Of a status page: jobs that have this tag.</param>
public sealed record KeyPart(string? Job = null, string? Org = null, string? Tag = null)
{
    public static KeyPart All { get; } = new();
}

/// <summary>A key as it is listed; its secret is stored only as a hash.</summary>
/// <param name="Id">First part of an API key, or the first 12 digits of an address key's hash.</param>
public sealed record ApiKey(string Tenant, string Id, KeyKind Kind, string Name, Role Role, Scopes Scopes, DateTimeOffset CreatedAt, string CreatedBy)
{
    public KeyPart Part { get; init; } = KeyPart.All;

    public const int MaxNameLength = 100;
    public const int IdLength = 12;

    public string Mask => Kind == KeyKind.Api ? $"wd_{Id}_…" : "…";

    public Caller ToCaller() => new(Tenant, Id, "key " + Name, Role, Scopes) { Person = CreatedBy };

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
