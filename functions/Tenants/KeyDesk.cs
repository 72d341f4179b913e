using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>Makes and revokes keys for people: the one way for API and pages.</summary>
public sealed partial class KeyDesk(ApiKeys keys, PingKeys pings, BadgeKeys badges, StatusKeys statuses, CalendarKeys calendars, TimeProvider clock, ILogger<KeyDesk> log)
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

        if (request.Kind is null or "api" && request is not { Job: null, Org: null, Tag: null })
        {
            throw new InvalidRequestException("job goes with a badge only, org and tag with a status page.");
        }

        var (part, now) = (PartOf(request), clock.GetUtcNow());
        var made = request.Kind switch
        {
            null or "api" => await ApiAsync(caller, name, request, cancellationToken),
            "ping" or "badge" or "status" or "calendar" when request is not { Scopes: null, Role: null } => throw new InvalidRequestException("A key in an address has neither scopes nor a role."),
            "ping" when part == KeyPart.All => await pings.CreateAsync(caller.Tenant, name, caller.Person, now, cancellationToken),
            "badge" when part is { Org: null, Tag: null } => await badges.CreateAsync(caller.Tenant, name, part, caller.Person, now, cancellationToken),
            "status" when part.Job is null && (part.Org is null || part.Tag is null) => await statuses.CreateAsync(caller.Tenant, name, part, caller.Person, now, cancellationToken),
            "calendar" when part == KeyPart.All => await calendars.CreateAsync(caller.Tenant, name, part, caller.Person, now, cancellationToken),
            "ping" or "badge" or "status" or "calendar" => throw new InvalidRequestException("job goes with a badge, and either org or tag with a status page."),
            _ => throw new InvalidRequestException("kind must be api, ping, badge, status or calendar."),
        };
        Log.Made(log, caller.Tenant, made.Key.Id, caller.Name);
        return made;
    }

    /// <summary>False when the tenant has no such key.</summary>
    public async Task<bool> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var isRevoked = await keys.RevokeAsync(caller.Tenant, id, cancellationToken) || await pings.RevokeAsync(caller.Tenant, id, cancellationToken)
            || await badges.RevokeAsync(caller.Tenant, id, cancellationToken) || await statuses.RevokeAsync(caller.Tenant, id, cancellationToken)
            || await calendars.RevokeAsync(caller.Tenant, id, cancellationToken);
        if (isRevoked)
        {
            Log.Revoked(log, caller.Tenant, id, caller.Name);
        }

        return isRevoked;
    }

    static KeyPart PartOf(KeyRequest request) => new(
        Checked(request.Job, IsId, "job must be the id of a job, 32 hex digits."),
        Checked(request.Org, IsOrg, "org is a path such as shop.ui.*: levels of letters, digits, - and _, or * for any level."),
        Checked(request.Tag, IsTag, "tag is the tag of jobs, 1 to 50 characters."));

    static string? Checked(string? text, Func<string, bool> isRight, string wrong) => text is null || isRight(text) ? text : throw new InvalidRequestException(wrong);

    static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    static bool IsOrg(string text) =>
        text.Length <= 200 && text.Split('.') is { Length: <= 20 } levels && levels.All(level => level == "*" || (level.Length > 0 && level.All(c => char.IsLetterOrDigit(c) || c is '-' or '_')));

    static bool IsTag(string text) => text.Length is > 0 and <= 50 && !text.Any(char.IsControl);

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
        return keys.CreateAsync(caller.Tenant, name, role, scopes, caller.Person, clock.GetUtcNow(), cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "Key {Tenant}/{Id} made by {By}")]
        public static partial void Made(ILogger log, string tenant, string id, string by);

        [LoggerMessage(201, LogLevel.Information, "Key {Tenant}/{Id} revoked by {By}")]
        public static partial void Revoked(ILogger log, string tenant, string id, string by);
    }
}
