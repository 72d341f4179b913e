namespace Watchdesk.Tenants;

/// <summary>What an endpoint asks of its caller: a role, and of a key also the scope that goes with it.</summary>
public sealed record Requirement(Role Role, Scopes Scope)
{
    public static Requirement Of(Role role) => new(role, ScopeOf(role));

    /// <summary>Null when the caller may; else the sentence that says what is missing.</summary>
    public string? Missing(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.Role < Role)
        {
            return $"This needs the role {Words.Of(Role)}; {caller.Name} is {Words.Of(caller.Role)}.";
        }

        return (caller.Scopes & Scope) == Scope ? null : $"This needs the scope {Words.Of(Scope)}; {caller.Name} has {Words.Of(caller.Scopes)}.";
    }

    /// <summary>Scopes of a person with this role.</summary>
    public static Scopes ScopesOf(Role role) => role switch
    {
        Role.None => Scopes.None,
        Role.Reader => Scopes.Read,
        Role.Admin => Scopes.All,
        _ => Scopes.Ping | Scopes.Create | Scopes.Read | Scopes.Write,
    };

    static Scopes ScopeOf(Role role) => role switch
    {
        Role.None => Scopes.None,
        Role.Reader => Scopes.Read,
        Role.Admin => Scopes.Admin,
        _ => Scopes.Write,
    };
}

/// <summary>The request may tell who is calling although nobody needs to be signed in.</summary>
public sealed class SeesCaller
{
    public static readonly SeesCaller Instance = new();
}

/// <summary>A write of what is the caller's own; what is somebody else's, the endpoint leaves to an admin.</summary>
public sealed class OwnOnly
{
    public static readonly OwnOnly Instance = new();
}

public static class RequirementConventions
{
    /// <summary>The endpoint itself sees to it that people change only what is theirs.</summary>
    public static TBuilder OnlyOwn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(OwnOnly.Instance);

    /// <summary>Asks for at least this role; a key must also have the scope that goes with it. The innermost one counts.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(Requirement.Of(role));

    /// <summary>Asks for this scope only; a person has the scopes of the role.</summary>
    public static TBuilder RequiresScope<TBuilder>(this TBuilder builder, Scopes scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Requirement(Role.None, scope));

    /// <summary>Anybody may call; who is signed in is still recognised.</summary>
    public static TBuilder AllowAnonymousSeeingCaller<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AllowAnonymous().WithMetadata(SeesCaller.Instance);
}
