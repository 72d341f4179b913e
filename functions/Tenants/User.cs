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

    /// <summary>An e-mail address in its rough shape, or the first account <c>admin</c>.</summary>
    public static bool IsLogin(string? text) =>
        text == FirstAdmin.Login
        || (text is { Length: >= 3 and <= MaxLoginLength } && text.IndexOf('@') is var at && at > 0 && at < text.Length - 1
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == ':'));

    /// <summary>Never the hash: records print their members.</summary>
    public override string ToString() => $"{Tenant}/{Login}";

    public Caller ToCaller() => new(Tenant, Id, Login, Role, Requirement.ScopesOf(Role));
}
