using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>Makes and revokes keys for people: the one way for API and pages.</summary>
public sealed partial class KeyDesk(ApiKeys keys, PingKeys pings, BadgeKeys badges, TimeProvider clock, ILogger<KeyDesk> log)
{
    /// <exception cref="InvalidRequestException">The request names something that is not there.</exception>
    public async Task<NewKey> CreateAsync(Caller caller, KeyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        var name = request.Name.Trim();
        if (name.Length is 0 or > ApiKey.MaxNameLength || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"name must be 1 to {ApiKey.MaxNameLength} characters without control characters.");
        }

        var made = request.Kind switch
        {
            null or "api" when request.Job is null => await ApiAsync(caller, name, request, cancellationToken),
            "ping" when request is { Scopes: null, Role: null, Job: null } => await pings.CreateAsync(caller.Tenant, name, caller.Name, clock.GetUtcNow(), cancellationToken),
            "badge" when request is { Scopes: null, Role: null } => await badges.CreateAsync(caller.Tenant, name, JobOf(request), caller.Name, clock.GetUtcNow(), cancellationToken),
            "ping" or "badge" => throw new InvalidRequestException("A key in an address has neither scopes nor a role; job goes with a badge."),
            null or "api" => throw new InvalidRequestException("job goes with a badge only."),
            _ => throw new InvalidRequestException("kind must be api, ping or badge."),
        };
        Log.Made(log, caller.Tenant, made.Key.Id, caller.Name);
        return made;
    }

    /// <summary>False when the tenant has no such key.</summary>
    public async Task<bool> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var isRevoked = await keys.RevokeAsync(caller.Tenant, id, cancellationToken) || await pings.RevokeAsync(caller.Tenant, id, cancellationToken)
            || await badges.RevokeAsync(caller.Tenant, id, cancellationToken);
        if (isRevoked)
        {
            Log.Revoked(log, caller.Tenant, id, caller.Name);
        }

        return isRevoked;
    }

    static string? JobOf(KeyRequest request) => request.Job is null || (request.Job.Length == 32 && request.Job.All(char.IsAsciiHexDigitLower))
        ? request.Job
        : throw new InvalidRequestException("job must be the id of a job, 32 hex digits.");

    Task<NewKey> ApiAsync(Caller caller, string name, KeyRequest request, CancellationToken cancellationToken)
    {
        var scopes = (request.Scopes ?? []).Aggregate(Scopes.None, (sum, word) =>
            sum | (Words.ParseScope(word) ?? throw new InvalidRequestException("scopes must be of ping, create, read, write, admin.")));
        if (scopes == Scopes.None)
        {
            throw new InvalidRequestException("scopes is missing: name at least one of ping, create, read, write, admin.");
        }

        var role = request.Role is null
            ? ApiKey.RoleFor(scopes)
            : Words.ParseRole(request.Role) ?? throw new InvalidRequestException("role must be none, reader, responder, operator, approver or admin.");
        return keys.CreateAsync(caller.Tenant, name, role, scopes, caller.Name, clock.GetUtcNow(), cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "Key {Tenant}/{Id} made by {By}")]
        public static partial void Made(ILogger log, string tenant, string id, string by);

        [LoggerMessage(201, LogLevel.Information, "Key {Tenant}/{Id} revoked by {By}")]
        public static partial void Revoked(ILogger log, string tenant, string id, string by);
    }
}
