using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Pages.People;

/// <summary><c>/profile</c>: what a person changes of their own.</summary>
sealed class ProfilePages(UserStore users, PeopleDesk desk, LocalAccounts accounts, Sessions sessions, SessionCookie cookie, ClientAddress address, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var profile = routes.MapGroup("/profile").Requires(Role.Reader).OnlyOwn().ExcludeFromDescription();
        profile.MapGet("", (HttpContext context, ProfilePages pages) => pages.ShowAsync(context));
        profile.MapPost("", (HttpContext context, ProfilePages pages) => pages.FormAsync(context, (user, form) => pages.EditAsync(context, user, EditOf(form), "saved")));
        profile.MapPost("/password", (HttpContext context, ProfilePages pages) => pages.FormAsync(context, (user, form) => pages.ChangePasswordAsync(context, user, form)));
        profile.MapPost("/cloud", (HttpContext context, ProfilePages pages) => pages.FormAsync(context, (user, form) => pages.EditAsync(context, user, new PersonEdit { Cloud = CloudOf(form, user) }, "saved")));
        profile.MapPost("/cloud/delete", (HttpContext context, ProfilePages pages) => pages.FormAsync(context, (user, _) => pages.EditAsync(context, user, new PersonEdit { RemovesCloud = true }, "deleted")));
        profile.MapPost("/sessions/{id}/end", (HttpContext context, ProfilePages pages, string id) => pages.FormAsync(context, (user, _) => pages.EndSessionAsync(context, user, id)));
        profile.MapPost("/delete", (HttpContext context, ProfilePages pages) => pages.FormAsync(context, (user, form) => pages.DeleteAsync(context, user, form)));
    }

    async Task<IResult> ShowAsync(HttpContext context, string? problem = null)
    {
        var caller = context.Caller();
        if (await users.GetAsync(caller.Tenant, caller.Id, context.RequestAborted) is not { } user)
        {
            return NotFound.Of(context);
        }

        var listed = await sessions.ListAsync(user, clock.GetUtcNow(), context.RequestAborted);
        return new Page<ProfilePage>(
            PageFrame.Of(context, "Profile"),
            ("User", user), ("Sessions", listed), ("Here", context.Features.Get<SignedIn>()?.SessionId), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    async Task<IResult> FormAsync(HttpContext context, Func<User, IFormCollection, Task<IResult>> act)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        var caller = context.Caller();
        if (await users.GetAsync(caller.Tenant, caller.Id, context.RequestAborted) is not { } user)
        {
            return NotFound.Of(context);
        }

        try
        {
            return await act(user, await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidRequestException wrong)
        {
            return await ShowAsync(context, wrong.Message);
        }
    }

    async Task<IResult> EditAsync(HttpContext context, User user, PersonEdit edit, string done)
    {
        var (changed, refusal) = await desk.ChangeAsync(context.Caller(), user, edit, context.RequestAborted);
        return changed is null ? await ShowAsync(context, refusal!.Detail) : DoneText.Redirect(context, "/profile", done);
    }

    /// <summary>Who has the password may change it; every other session ends, and this browser gets a new one.</summary>
    async Task<IResult> ChangePasswordAsync(HttpContext context, User user, IFormCollection form)
    {
        if (user.PasswordHash is not null)
        {
            var check = await accounts.SignInAsync(user.Login, form["current"].ToString(), address.Of(context), context.RequestAborted);
            if (check.User is null)
            {
                return await ShowAsync(context, check.Wait > TimeSpan.Zero ? "Too many wrong passwords: wait before the next try." : "The current password is wrong.");
            }
        }

        var password = PersonRules.Password(form["password"].ToString());
        var (changed, refusal) = await desk.ChangeAsync(context.Caller(), user, new PersonEdit { Password = password }, context.RequestAborted);
        if (changed is null)
        {
            return await ShowAsync(context, refusal!.Detail);
        }

        if (context.Features.Get<SignedIn>()?.Way == SignInWay.Cookie)
        {
            await cookie.BeginAsync(context, changed);
        }

        return DoneText.Redirect(context, "/profile", "password");
    }

    async Task<IResult> EndSessionAsync(HttpContext context, User user, string id) =>
        DoneText.Redirect(context, "/profile", await sessions.EndOwnAsync(user, id, context.RequestAborted) ? "signedout" : "gone");

    /// <summary>Not by one wrong click: the e-mail address is typed once more.</summary>
    async Task<IResult> DeleteAsync(HttpContext context, User user, IFormCollection form)
    {
        if (!string.Equals(form["confirm"].ToString().Trim(), user.Login, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidRequestException("Type your e-mail address to delete the account.");
        }

        var (deleted, refusal) = await desk.DeleteAsync(context.Caller(), user, context.RequestAborted);
        if (deleted is null)
        {
            return await ShowAsync(context, refusal!.Detail);
        }

        SessionCookie.Forget(context);
        context.Response.Headers.Location = "/sign-in";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    static PersonEdit EditOf(IFormCollection form) => new()
    {
        Login = PersonRules.Login(form["email"].ToString(), "email"),
        Name = PersonRules.Name(form["name"].ToString()),
        SlackUser = PersonRules.OtherId(form["slackUser"].ToString(), "slackUser"),
        RiaId = PersonRules.OtherId(form["riaId"].ToString(), "riaId"),
    };

    /// <summary>A key that is left empty stays as it is stored.</summary>
    static AwsCredentials CloudOf(IFormCollection form, User user)
    {
        var kept = user.Cloud is null ? "" : CloudSecrets.Mask;
        return new AwsCredentials(form["region"].ToString().Trim(), Or(form["awsAccessKeyId"].ToString().Trim()), Or(form["awsSecretAccessKey"].ToString().Trim()));

        string Or(string text) => text.Length > 0 ? text : kept;
    }
}
