using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>A person to add.</summary>
/// <param name="Login">E-mail address.</param>
/// <param name="Role">reader, responder, operator, approver or admin; reader when absent.</param>
/// <param name="Password">10 to 256 characters; without one the person signs in with Entra ID.</param>
public sealed record UserRequest(string Login, string? Name = null, string? Role = null, string? Password = null);

/// <summary>What to change of a person; what is absent stays.</summary>
public sealed record UserChange(string? Name = null, string? Role = null, bool? Disabled = null, string? Password = null);

public sealed record UserView(string Id, string Login, string Name, string Role, bool Disabled, DateTimeOffset CreatedAt)
{
    public static UserView Of(User user) => new(user.Id, user.Login, user.Name, Words.Of(user.Role), user.IsDisabled, user.CreatedAt);
}

public sealed record UserPage(IReadOnlyList<UserView> Items, string? Next);

/// <summary><c>/api/v1/users</c>: the people of the caller's tenant.</summary>
static class UsersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("users").Requires(Role.Admin);
        users.MapGet("", ListAsync).Produces<UserPage>();
        users.MapPost("", CreateAsync).Accepts<UserRequest>("application/json").Produces<UserView>(StatusCodes.Status201Created);
        users.MapPatch("/{id}", ChangeAsync).Accepts<UserChange>("application/json").Produces<UserView>();
    }

    static async Task<IResult> ListAsync(HttpContext context, UserStore users)
    {
        var (limit, next) = context.Request.Paging();
        var page = await users.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new UserPage([.. page.Users.Select(UserView.Of)], page.Next), TenantsJson.Default.UserPage);
    }

    static async Task<IResult> CreateAsync(HttpContext context, UserStore users, TimeProvider clock)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.UserRequest);
        var login = request.Login.Trim().ToLowerInvariant();
        if (!User.IsLogin(login))
        {
            throw new InvalidRequestException("login must be an e-mail address.");
        }

        var now = clock.GetUtcNow();
        var user = new User(
            context.Caller().Tenant,
            Keys.NewId(now),
            login,
            NameOf(request.Name) ?? login,
            RoleOf(request.Role) ?? Role.Reader,
            false,
            now,
            HashOf(request.Password));
        if (!await users.CreateAsync(user, now, context.RequestAborted))
        {
            return new Problem(StatusCodes.Status409Conflict, "Somebody has this login already.");
        }

        context.Response.Headers.Location = "/api/v1/users/" + user.Id;
        return TypedResults.Json(UserView.Of(user), TenantsJson.Default.UserView, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ChangeAsync(HttpContext context, UserStore users, TimeProvider clock, string id)
    {
        var caller = context.Caller();
        var change = await context.Request.ReadAsync(TenantsJson.Default.UserChange);
        var (name, role, hash, now) = (NameOf(change.Name), RoleOf(change.Role), HashOf(change.Password), clock.GetUtcNow());
        if (id == caller.Id && (change.Disabled == true || (role is not null && role < caller.Role)))
        {
            throw new InvalidRequestException("You cannot take your own rights: ask another admin.");
        }

        var changed = await users.ChangeAsync(caller.Tenant, id, user => user with
        {
            Name = name ?? user.Name,
            Role = role ?? user.Role,
            IsDisabled = change.Disabled ?? user.IsDisabled,
            PasswordHash = hash ?? user.PasswordHash,
            SessionsFrom = hash is not null || change.Disabled == true ? now : user.SessionsFrom,
        }, context.RequestAborted);
        return changed is null ? TypedResults.NotFound() : TypedResults.Json(UserView.Of(changed), TenantsJson.Default.UserView);
    }

    static string? NameOf(string? name) => name is null || (name.Trim().Length is > 0 and <= 100 && !name.Any(char.IsControl))
        ? name?.Trim()
        : throw new InvalidRequestException("name must be 1 to 100 characters without control characters.");

    static Role? RoleOf(string? word) => word is null
        ? null
        : Words.ParseRole(word) is { } role and not Role.None ? role : throw new InvalidRequestException("role must be reader, responder, operator, approver or admin.");

    static string? HashOf(string? password) => password is null
        ? null
        : password.Length is >= Passwords.MinLength and <= Passwords.MaxLength
            ? Passwords.Hash(password)
            : throw new InvalidRequestException($"password must be {Passwords.MinLength} to {Passwords.MaxLength} characters.");
}
