using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>A person to add.</summary>
/// <param name="Login">E-mail address.</param>
/// <param name="Role">reader, responder, operator, approver or admin; reader when absent.</param>
/// <param name="Password">10 to 256 characters; without one the person signs in with Entra ID.</param>
public sealed record UserRequest(string Login, string? Name = null, string? Role = null, string? Password = null)
{
    /// <summary>Never the password: records print their members.</summary>
    public override string ToString() => Login;
}

/// <summary>What to change of a person; what is absent stays, an empty slackUser or riaId goes.</summary>
public sealed record UserChange(
    string? Login = null,
    string? Name = null,
    string? Role = null,
    bool? Disabled = null,
    string? Password = null,
    string? SlackUser = null,
    string? RiaId = null,
    AwsCredentials? AwsCredentials = null)
{
    public PersonEdit ToEdit() => new()
    {
        Login = Login is null ? null : PersonRules.Login(Login, "login"),
        Name = PersonRules.Name(Name),
        Role = PersonRules.RoleOf(Role),
        IsDisabled = Disabled,
        Password = PersonRules.Password(Password),
        SlackUser = PersonRules.OtherId(SlackUser, "slackUser"),
        RiaId = PersonRules.OtherId(RiaId, "riaId"),
        Cloud = AwsCredentials,
    };

    /// <summary>Never the password: records print their members.</summary>
    public override string ToString() => Login ?? "";
}

/// <param name="AwsCredentials">Masked but for the region.</param>
public sealed record UserView(string Id, string Login, string Name, string Role, bool Disabled, DateTimeOffset CreatedAt, string? SlackUser, string? RiaId, AwsCredentials? AwsCredentials)
{
    public static UserView Of(User user) => new(
        user.Id, user.Login, user.Name, Words.Of(user.Role), user.IsDisabled, user.CreatedAt, user.SlackUser, user.RiaId, CloudSecrets.Masked(user.Cloud));
}

public sealed record UserPage(IReadOnlyList<UserView> Items, string? Next);

/// <summary><c>/api/v1/users</c>: the people of the caller's tenant.</summary>
static class UsersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("users");
        users.MapGet("", ListAsync).Requires(Role.Reader).Produces<UserPage>().WithSummary("Lists users");
        users.MapPost("", CreateAsync).Requires(Role.Admin).Accepts<UserRequest>("application/json").Produces<UserView>(StatusCodes.Status201Created).WithSummary("Makes a user");
        users.MapGet("/{id}", GetAsync).Requires(Role.Reader).Produces<UserView>().WithSummary("Shows a user");
        users.MapPatch("/{id}", ChangeAsync).Requires(Role.Reader).OnlyOwn().Accepts<UserChange>("application/json").Produces<UserView>().WithSummary("Changes a user");
        users.MapDelete("/{id}", DeleteAsync).Requires(Role.Reader).OnlyOwn().Produces(StatusCodes.Status204NoContent).WithSummary("Deletes a user");
    }

    static async Task<IResult> ListAsync(HttpContext context, UserStore users)
    {
        var (limit, next) = context.Request.Paging();
        var page = await users.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new UserPage([.. page.Users.Select(UserView.Of)], page.Next), TenantsJson.Plain.UserPage);
    }

    static async Task<IResult> CreateAsync(HttpContext context, PeopleDesk desk)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.UserRequest);
        var login = PersonRules.Login(request.Login, "login");
        var person = new NewPerson(login, PersonRules.Name(request.Name) ?? login, PersonRules.Password(request.Password), PersonRules.RoleOf(request.Role) ?? Role.Reader);
        var (user, refusal) = await desk.AddAsync(person, context.Caller(), context.RequestAborted);
        if (user is null)
        {
            return refusal!;
        }

        context.Response.Headers.Location = "/api/v1/users/" + user.Id;
        return TypedResults.Json(UserView.Of(user), TenantsJson.Plain.UserView, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> GetAsync(HttpContext context, PeopleDesk desk, string id) =>
        await desk.FindAsync(context.Caller(), id, context.RequestAborted) is { } user ? TypedResults.Json(UserView.Of(user), TenantsJson.Plain.UserView) : TypedResults.NotFound();

    static async Task<IResult> ChangeAsync(HttpContext context, PeopleDesk desk, string id)
    {
        var change = await context.Request.ReadAsync(TenantsJson.Default.UserChange);
        if (await desk.FindAsync(context.Caller(), id, context.RequestAborted) is not { } user)
        {
            return TypedResults.NotFound();
        }

        var (changed, refusal) = await desk.ChangeAsync(context.Caller(), user, change.ToEdit(), context.RequestAborted);
        return changed is null ? refusal! : TypedResults.Json(UserView.Of(changed), TenantsJson.Plain.UserView);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, PeopleDesk desk, string id)
    {
        if (await desk.FindAsync(context.Caller(), id, context.RequestAborted) is not { } user)
        {
            return TypedResults.NotFound();
        }

        var (deleted, refusal) = await desk.DeleteAsync(context.Caller(), user, context.RequestAborted);
        return deleted is null ? refusal! : TypedResults.NoContent();
    }
}
