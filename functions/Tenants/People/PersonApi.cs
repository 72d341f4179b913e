using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary><c>/api/v1.0/{users,signup,login}</c>: the user service's contract of version 1.0, over Basic authentication.</summary>
static class PersonApi
{
    const int MaxBody = 16_384;

    static readonly string[] Read = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1.0").WithTags("users 1.0");
        users.MapPost("/users", CreateAsync).AllowAnonymousSeeingCaller().Accepts<PersonRequest>("application/json").Produces<EntityView>(StatusCodes.Status201Created).WithSummary("Signs a person up");
        users.MapPost("/signup", CreateAsync).AllowAnonymousSeeingCaller().Accepts<PersonRequest>("application/json").Produces<EntityView>(StatusCodes.Status201Created).WithSummary("Signs a person up");
        users.MapPost("/login", LogInAsync).AllowAnonymous().Accepts<LogInRequest>("application/json").Produces<EntityView>().WithSummary("Checks a password");
        users.MapGet("/users", ListAsync).Requires(Role.Reader).Produces<PersonPage>().WithSummary("Lists people");
        users.MapMethods("/users/{userId}", Read, GetAsync).Requires(Role.Reader).Produces<PersonView>().WithSummary("Shows a person");
        users.MapPut("/users/{userId}", ChangeAsync).Requires(Role.Reader).OnlyOwn().Accepts<PersonRequest>("application/json").Produces<PersonView>().WithSummary("Changes a person");
        users.MapDelete("/users/{userId}", DeleteAsync).Requires(Role.Reader).OnlyOwn().Produces<EntityView>().WithSummary("Deletes a person");
    }

    /// <summary>An admin adds to the own tenant; everybody else signs up as the installation allows.</summary>
    static async Task<IResult> CreateAsync(HttpContext context, PeopleDesk desk)
    {
        var person = (await context.Request.ReadAsync(TenantsJson.Default.PersonRequest, MaxBody)).ToNew();
        var admin = context.CallerOrNull() is { } caller && Requirement.Of(Role.Admin).Missing(caller) is null ? caller : null;
        var (user, refusal) = await desk.AddAsync(person, admin, context.RequestAborted);
        if (user is null)
        {
            return refusal!;
        }

        context.Response.Headers.Location = "/api/v1.0/users/" + Uri.EscapeDataString(user.Login);
        return TypedResults.Json(new EntityView(user.Login), TenantsJson.Plain.EntityView, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The answer carries a session's cookie, so another site may not have a visitor ask for it.</summary>
    static async Task<IResult> LogInAsync(HttpContext context, LocalAccounts accounts, SessionCookie cookie, ClientAddress address)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return new Problem(StatusCodes.Status403Forbidden, "A page of another site may not sign anybody in here.");
        }

        var request = await context.Request.ReadAsync(TenantsJson.Default.LogInRequest, MaxBody);
        PersonRules.Require(("email", request.Email), ("password", request.Password));
        var check = await accounts.SignInAsync(request.Email!.Trim(), request.Password!, address.Of(context), context.RequestAborted);
        if (check.User is not { } user)
        {
            context.Features.Set(check.Wait > TimeSpan.Zero ? new MustWait(check.Wait) : null);
            await Refusals.ChallengeAsync(context, "The account or its password is wrong.");
            return TypedResults.Empty;
        }

        await cookie.BeginAsync(context, user);
        return TypedResults.Json(new EntityView(user.Login), TenantsJson.Plain.EntityView);
    }

    static async Task<IResult> ListAsync(HttpContext context, UserStore users)
    {
        var (limit, next) = context.Request.Paging();
        var page = await users.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new PersonPage([.. page.Users.Select(PersonView.Of)], page.Next), TenantsJson.Plain.PersonPage);
    }

    static async Task<IResult> GetAsync(HttpContext context, PeopleDesk desk, string userId) =>
        await desk.FindAsync(context.Caller(), userId, context.RequestAborted) is not { } user ? TypedResults.NotFound()
        : HttpMethods.IsHead(context.Request.Method) ? TypedResults.Ok()
        : TypedResults.Json(PersonView.Of(user), TenantsJson.Plain.PersonView);

    static async Task<IResult> ChangeAsync(HttpContext context, PeopleDesk desk, string userId)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.PersonRequest, MaxBody);
        if (await desk.FindAsync(context.Caller(), userId, context.RequestAborted) is not { } user)
        {
            return TypedResults.NotFound();
        }

        var (changed, refusal) = await desk.ChangeAsync(context.Caller(), user, request.ToEdit(), context.RequestAborted);
        return changed is null ? refusal! : TypedResults.Json(PersonView.Of(changed), TenantsJson.Plain.PersonView);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, PeopleDesk desk, string userId)
    {
        if (await desk.FindAsync(context.Caller(), userId, context.RequestAborted) is not { } user)
        {
            return TypedResults.NotFound();
        }

        var (deleted, refusal) = await desk.DeleteAsync(context.Caller(), user, context.RequestAborted);
        return deleted is null ? refusal! : TypedResults.Json(new EntityView(deleted.Login), TenantsJson.Plain.EntityView);
    }
}
