using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>People come, change and go: the one way for both APIs and the pages.</summary>
public sealed partial class PeopleDesk(UserStore users, LocalAccounts accounts, Invitations invitations, CloudSecrets cloud, IOptions<DeskOptions> options, TimeProvider clock, ILogger<PeopleDesk> log)
{
    /// <summary>Whether a stranger may sign up without an invitation, with one, or not at all: open, invite, off.</summary>
    public string SignUp => options.Value.SignUp;

    /// <summary>By id or e-mail address, in the caller's tenant; null when there is none.</summary>
    public async Task<User?> FindAsync(Caller caller, string idOrMail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (User.IsLogin(idOrMail))
        {
            return await users.FindAsync(idOrMail, cancellationToken) is { } found && found.Tenant == caller.Tenant ? found : null;
        }

        return idOrMail is { Length: > 0 and <= 64 } && idOrMail.All(char.IsAsciiLetterOrDigit) ? await users.GetAsync(caller.Tenant, idOrMail, cancellationToken) : null;
    }

    /// <summary>A person signs up, or an admin adds one to the own tenant. Either the user or why not.</summary>
    public async Task<(User? User, Problem? Refusal)> AddAsync(NewPerson person, Caller? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var invitation = by is null && person.Invitation is not null ? await invitations.FindAsync(person.Invitation, clock.GetUtcNow(), cancellationToken) : null;
        if (by is null && Refusal(person, invitation) is { } refused)
        {
            return (null, refused);
        }

        var now = clock.GetUtcNow();
        var user = new User(by?.Tenant ?? invitation?.Tenant ?? Tenant.Main, Keys.NewId(now), person.Login, person.Name, by is null ? invitation?.Role ?? Role.Reader : person.Role, false, now)
        {
            SlackUser = NullIfEmpty(person.SlackUser),
            RiaId = NullIfEmpty(person.RiaId),
            Cloud = person.Cloud is null ? null : cloud.Keep(person.Cloud, null),
        };

        // The claim is also the look whether the login is free, before the hash, which is dear.
        if (person.Login == FirstAdmin.Login || !await users.ClaimAsync(person.Login, user, now, cancellationToken))
        {
            return (null, Taken());
        }

        user = user with { PasswordHash = person.Password is null ? null : await accounts.HashAsync(person.Password, cancellationToken) };
        if (invitation is not null && !await invitations.TakeAsync(invitation, cancellationToken))
        {
            await users.UnclaimAsync(user, cancellationToken);
            return (null, NotInvited());
        }

        await users.CreateClaimedAsync(user, now, cancellationToken);
        Log.Added(log, user.Tenant, user.Id, by?.Name ?? "sign-up");
        return (user, null);
    }

    /// <summary>People change themselves, but for role and access; an admin changes everybody of the tenant.</summary>
    public async Task<(User? User, Problem? Refusal)> ChangeAsync(Caller caller, User user, PersonEdit edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(edit);
        if (MayChange(caller, user) is { } refusal)
        {
            return (null, refusal);
        }

        if ((edit.Role is not null || edit.IsDisabled is not null) && !IsAdmin(caller))
        {
            return (null, new Problem(StatusCodes.Status403Forbidden, "Only an admin changes a role or shuts somebody out."));
        }

        if (user.Id == caller.Id && (edit.IsDisabled == true || edit.Role < caller.Role))
        {
            throw new InvalidRequestException("You cannot take your own rights: ask another admin.");
        }

        var hash = edit.Password is null ? null : await accounts.HashAsync(edit.Password, cancellationToken);
        var now = clock.GetUtcNow();
        var isRenamed = edit.Login is not null && edit.Login != user.Login;
        if (isRenamed && (edit.Login == FirstAdmin.Login || !await users.LinkAsync(edit.Login!, user, now, cancellationToken)))
        {
            return (null, Taken());
        }

        var changed = await users.ChangeAsync(user, old => Apply(old, edit, hash, now), cancellationToken);
        if (isRenamed)
        {
            await users.UnlinkAsync(changed is null ? edit.Login! : user.Login, user, cancellationToken);
        }

        return changed is null ? (null, Problem.Of(StatusCodes.Status404NotFound)) : (changed, null);
    }

    public async Task<(User? User, Problem? Refusal)> DeleteAsync(Caller caller, User user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(user);
        if (MayChange(caller, user) is { } refusal)
        {
            return (null, refusal);
        }

        var deleted = await users.DeleteAsync(user, cancellationToken);
        if (deleted is not null)
        {
            Log.Deleted(log, user.Tenant, user.Id, caller.Id);
        }

        return deleted is null ? (null, Problem.Of(StatusCodes.Status404NotFound)) : (deleted, null);
    }

    User Apply(User old, PersonEdit edit, string? hash, DateTimeOffset now) => old with
    {
        Login = edit.Login ?? old.Login,
        Name = edit.Name ?? old.Name,
        Role = edit.Role ?? old.Role,
        IsDisabled = edit.IsDisabled ?? old.IsDisabled,
        PasswordHash = hash ?? old.PasswordHash,
        SessionsFrom = hash is not null || edit.IsDisabled == true ? now : old.SessionsFrom,
        SlackUser = NullIfEmpty(edit.SlackUser ?? old.SlackUser),
        RiaId = NullIfEmpty(edit.RiaId ?? old.RiaId),
        Cloud = edit.RemovesCloud ? null : edit.Cloud is null ? old.Cloud : cloud.Keep(edit.Cloud, old.Cloud),
    };

    Problem? Refusal(NewPerson person, Invitation? invitation) => SignUp switch
    {
        "off" => new Problem(StatusCodes.Status403Forbidden, "Nobody signs up here: ask an admin to add you."),
        _ when person.Invitation is not null && invitation is null => NotInvited(),
        "invite" when invitation is null => new Problem(StatusCodes.Status403Forbidden, "Sign-up is by invitation: ask an admin for a link."),
        _ when invitation?.Email is { } mail && mail != person.Login => new Problem(StatusCodes.Status403Forbidden, "This invitation is for another e-mail address."),
        _ => null,
    };

    static Problem? MayChange(Caller caller, User user) =>
        user.Tenant == caller.Tenant && (user.Id == caller.Id || IsAdmin(caller)) ? null : new Problem(StatusCodes.Status403Forbidden, "People change themselves; others are the matter of an admin.");

    static bool IsAdmin(Caller caller) => Requirement.Of(Role.Admin).Missing(caller) is null;

    static Problem Taken() => new(StatusCodes.Status409Conflict, "Somebody has this login already.");

    static Problem NotInvited() => new(StatusCodes.Status403Forbidden, "This invitation was used, has ended or never was: ask an admin for a new one.");

    static string? NullIfEmpty(string? text) => text is { Length: 0 } ? null : text;

    static partial class Log
    {
        [LoggerMessage(210, LogLevel.Information, "Person {Tenant}/{Id} added by {By}")]
        public static partial void Added(ILogger log, string tenant, string id, string by);

        [LoggerMessage(211, LogLevel.Information, "Person {Tenant}/{Id} deleted by {By}")]
        public static partial void Deleted(ILogger log, string tenant, string id, string by);
    }
}
