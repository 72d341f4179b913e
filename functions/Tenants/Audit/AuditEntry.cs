namespace Watchdesk.Tenants.Audit;

/// <summary>One request and its answer: who, what, and how it went. No body, no query, nothing of an address that is a secret.</summary>
/// <param name="Who">Name of the caller; empty for nobody.</param>
/// <param name="Route">Pattern of the address, for example <c>/api/v1/jobs/{id}</c>.</param>
/// <param name="Path">The address itself, without its query; only of a caller who is known, since for others it can be the secret.</param>
/// <param name="Took">From the first byte to the end of the answer.</param>
/// <param name="Worked">The part of it that came after sign-in.</param>
public sealed record AuditEntry(
    string Tenant,
    string Id,
    DateTimeOffset At,
    string Who,
    string WhoId,
    string Method,
    string Route,
    string? Path,
    int Status,
    TimeSpan Took,
    TimeSpan Worked,
    string RequestId,
    string Address)
{
    /// <summary>By which way in: web, api, v1.0, teams, slack and so on.</summary>
    public string Channel => Route switch
    {
        _ when Method == "RUN" => "operations",
        _ when Is("/api/v1.0") => "v1.0",
        _ when Is("/api/messages") => "teams",
        _ when Is("/api/slack") => "slack",
        _ when Is("/api/graph") => "graph",
        _ when Is("/api/alerts") => "alerts",
        _ when Is("/v1") => "otlp",
        _ when Is("/mcp") => "mcp",
        _ when Is("/api") => "api",
        _ => "web",
    };

    /// <summary>It reads and adds up rather than shows one thing.</summary>
    public bool IsReport => Is("/reports") || Is("/search") || Is("/charts") || Is("/audit")
        || Is("/api/v1/reports") || Is("/api/v1/search") || Is("/api/v1/audit") || (Method == "GET" && Is("/api/v1/metrics"));

    bool Is(string prefix) => Route.StartsWith(prefix, StringComparison.Ordinal) && (Route.Length == prefix.Length || Route[prefix.Length] == '/');
}
