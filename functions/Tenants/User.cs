namespace Watchdesk.Tenants;

/// <summary>A person of a tenant.</summary>
/// <param name="Login">E-mail address in lower case, or <c>admin</c>; unique in the installation.</param>
/// <param name="PasswordHash">Null for a person who signs in with Entra ID only.</param>
/// <param name="EntraId">Directory and object id once the person has signed in with Entra ID.</param>
/// <param name="SessionsFrom">Sessions that began before are over.</param>
public sealed record User(
    string Tenant,
    string Id,
    string Login,
    string Name,
    Role Role,
    bool IsDisabled,
    DateTimeOffset CreatedAt,
    string? PasswordHash = null,
    string? EntraId = null,
    DateTimeOffset SessionsFrom = default)
{
    public const int MaxLoginLength = 254;

    /// <summary>Who the person is in Slack; null when not told.</summary>
    public string? SlackUser { get; init; }

    /// <summary>Id of the person's voice device; null when there is none.</summary>
    public string? RiaId { get; init; }

    public CloudCredentials? Cloud { get; init; }

    /// <summary>Of the row that was read; null before the first write.</summary>
    internal string? ETag { get; init; }

    public bool IsActiveAdmin => Role == Role.Admin && !IsDisabled;

    /// <summary>An e-mail address in its rough shape, or the first account <c>admin</c>.</summary>
    public static bool IsLogin(string? text) =>
        text == FirstAdmin.Login
        || (text is { Length: >= 3 and <= MaxLoginLength } && text.IndexOf('@') is var at && at > 0 && at < text.Length - 1
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == ':'));

    /// <summary>Never the hash: records print their members.</summary>
    public override string ToString() => $"{Tenant}/{Login}";

    public Caller ToCaller() => new(Tenant, Id, Login, Role, Requirement.ScopesOf(Role));
}

/// <summary>What the person's cloud commands run with; the key is protected at rest and leaves in no answer.</summary>
public sealed record CloudCredentials(string Region, string Protected)
{
    /// <summary>Never the key: records print their members.</summary>
    public override string ToString() => Region;
}
