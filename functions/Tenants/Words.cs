namespace Watchdesk.Tenants;

/// <summary>Roles and scopes as words of the API.</summary>
public static class Words
{
    static readonly Scopes[] Single = [Scopes.Ping, Scopes.Create, Scopes.Read, Scopes.Write, Scopes.Admin];

    public static string Of(Role role) => role switch
    {
        Role.None => "none",
        Role.Reader => "reader",
        Role.Responder => "responder",
        Role.Operator => "operator",
        Role.Approver => "approver",
        _ => "admin",
    };

    public static string Of(Scopes scopes) => scopes == Scopes.None ? "none" : string.Join(", ", List(scopes));

    public static IReadOnlyList<string> List(Scopes scopes) =>
        [.. Single.Where(scope => scopes.HasFlag(scope)).Select(scope => scope.ToString().ToLowerInvariant())];

    public static string Of(KeyKind kind) => kind switch
    {
        KeyKind.Ping => "ping",
        KeyKind.Badge => "badge",
        KeyKind.Status => "status",
        KeyKind.Calendar => "calendar",
        _ => "api",
    };

    /// <summary>Null for a word that is no kind of key.</summary>
    public static KeyKind? ParseKind(string? word) => word switch
    {
        "api" => KeyKind.Api,
        "ping" => KeyKind.Ping,
        "badge" => KeyKind.Badge,
        "status" => KeyKind.Status,
        "calendar" => KeyKind.Calendar,
        _ => null,
    };

    /// <summary>Null for a word that is no role.</summary>
    public static Role? ParseRole(string? word) => word switch
    {
        "none" => Role.None,
        "reader" => Role.Reader,
        "responder" => Role.Responder,
        "operator" => Role.Operator,
        "approver" => Role.Approver,
        "admin" => Role.Admin,
        _ => null,
    };

    /// <summary>Null for a word that is no scope.</summary>
    public static Scopes? ParseScope(string? word) => word switch
    {
        "ping" => Scopes.Ping,
        "create" => Scopes.Create,
        "read" => Scopes.Read,
        "write" => Scopes.Write,
        "admin" => Scopes.Admin,
        _ => null,
    };
}
