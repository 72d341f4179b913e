using System.Diagnostics.CodeAnalysis;

namespace Watchdesk.Tenants;

/// <summary>What a person or key may do in a tenant; each role may do all that the earlier ones may.</summary>
public enum Role
{
    None,
    Reader,
    Responder,
    Operator,
    Approver,
    Admin,
}

/// <summary>What an API key is for; people have every scope of their role.</summary>
[Flags]
[SuppressMessage("Design", "CA1008", Justification = "None is meaningful.")]
public enum Scopes
{
    None = 0,
    Ping = 1,
    Create = 2,
    Read = 4,
    Write = 8,
    Admin = 16,
    All = Ping | Create | Read | Write | Admin,
}

/// <summary>Who is calling. The tenant comes from here and never from a request body.</summary>
/// <param name="Id">User id or key id.</param>
/// <param name="Name">For the audit trail and histories, for example an e-mail address or "key nightly-jobs".</param>
public sealed record Caller(string Tenant, string Id, string Name, Role Role, Scopes Scopes)
{
    /// <summary>The name of who answers for what is done: of a key, who made it.</summary>
    public string Person { get; init; } = Name;
}
