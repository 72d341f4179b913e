using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Pages.People;

/// <summary><c>/people</c>: who is here, in which groups; for an admin also roles and invitations.</summary>
sealed class PeoplePages(UserStore users, PeopleDesk desk, Groups groups, GroupDesk groupDesk, Invitations invitations)
{
    const int Shown = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").ExcludeFromDescription();
        people.MapGet("", (HttpContext context, PeoplePages pages) => pages.ShowAsync(context)).Requires(Role.Reader);
        people.MapGet("/{id}", (HttpContext context, PeoplePages pages, string id) => pages.ShowOneAsync(context, id)).Requires(Role.Reader);
        people.MapPost("/{id}", (HttpContext context, PeoplePages pages, string id) => pages.FormAsync(context, form => pages.SaveAsync(context, id, form))).Requires(Role.Admin);
        people.MapPost("/{id}/delete", (HttpContext context, PeoplePages pages, string id) => pages.FormAsync(context, _ => pages.DeleteAsync(context, id))).Requires(Role.Admin);
        people.MapPost("/invitations", (HttpContext context, PeoplePages pages) => pages.FormAsync(context, form => pages.InviteAsync(context, form))).Requires(Role.Admin);
        people.MapPost("/invitations/{id}/delete", (HttpContext context, PeoplePages pages, string id) => pages.FormAsync(context, _ => pages.TakeBackAsync(context, id))).Requires(Role.Admin);
        people.MapPost("/groups", (HttpContext context, PeoplePages pages) => pages.FormAsync(context, form => pages.SaveGroupAsync(context, null, form))).Requires(Role.Admin);
        people.MapPost("/groups/{id}", (HttpContext context, PeoplePages pages, string id) => pages.FormAsync(context, form => pages.SaveGroupAsync(context, id, form))).Requires(Role.Admin);
        people.MapPost("/groups/{id}/delete", (HttpContext context, PeoplePages pages, string id) => pages.FormAsync(context, _ => pages.DeleteGroupAsync(context, id))).Requires(Role.Admin);
    }

    async Task<IResult> ShowAsync(HttpContext context, string? problem = null, string? link = null)
    {
        var (tenant, (_, next)) = (context.Caller().Tenant, context.Request.Paging());
        var frame = PageFrame.Of(context, "People");
        var page = await users.ListAsync(tenant, Shown, HttpMethods.IsGet(context.Request.Method) ? next : null, context.RequestAborted);
        IReadOnlyList<Invitation> open = frame.May(Role.Admin) ? await invitations.ListAsync(tenant, context.RequestAborted) : [];
        return new Page<PeoplePage>(
            frame,
            ("People", page.Users), ("Next", page.Next), ("Groups", await groups.ListAsync(tenant, context.RequestAborted)), ("Invitations", open), ("Link", link), ("Problem", problem))
        {
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    async Task<IResult> ShowOneAsync(HttpContext context, string id)
    {
        if (await desk.FindAsync(context.Caller(), id, context.RequestAborted) is not { } user)
        {
            return NotFound.Of(context);
        }

        var theirs = (await groups.ListAsync(user.Tenant, context.RequestAborted)).Where(group => group.Members.Contains(user.Id, StringComparer.Ordinal)).Select(group => group.Name).ToList();
        return new Page<PersonPage>(PageFrame.Of(context, user.Name), ("User", user), ("Groups", theirs));
    }

    async Task<IResult> FormAsync(HttpContext context, Func<IFormCollection, Task<IResult>> act)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        try
        {
            return await act(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidRequestException wrong)
        {
            return await ShowAsync(context, wrong.Message);
        }
    }

    async Task<IResult> SaveAsync(HttpContext context, string id, IFormCollection form)
    {
        if (await desk.FindAsync(context.Caller(), id, context.RequestAborted) is not { } user)
        {
            return NotFound.Of(context);
        }

        var edit = new PersonEdit { Name = PersonRules.Name(form["name"].ToString()), Role = PersonRules.RoleOf(form["role"].ToString()), IsDisabled = form["disabled"] == "on" };
        var (changed, refusal) = await desk.ChangeAsync(context.Caller(), user, edit, context.RequestAborted);
        return changed is null ? await ShowAsync(context, refusal!.Detail) : DoneText.Redirect(context, "/people/" + user.Id, "person");
    }

    async Task<IResult> DeleteAsync(HttpContext context, string id)
    {
        if (await desk.FindAsync(context.Caller(), id, context.RequestAborted) is not { } user)
        {
            return DoneText.Redirect(context, "/people", "gone");
        }

        var (deleted, refusal) = await desk.DeleteAsync(context.Caller(), user, context.RequestAborted);
        return deleted is null ? await ShowAsync(context, refusal!.Detail) : DoneText.Redirect(context, "/people", "deleted");
    }

    /// <summary>The page itself shows the link: nothing with it is kept for a redirect.</summary>
    async Task<IResult> InviteAsync(HttpContext context, IFormCollection form)
    {
        var mail = form["email"].ToString().Trim();
        var (_, text) = await invitations.CreateAsync(
            context.Caller(), mail.Length == 0 ? null : PersonRules.Login(mail, "email"), PersonRules.RoleOf(form["role"].ToString()) ?? Role.Reader, context.RequestAborted);
        return await ShowAsync(context, link: InvitationsApi.Url(PageFrame.Of(context, "").PublicUrl, text));
    }

    async Task<IResult> TakeBackAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/people", await invitations.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? "invitation" : "gone");

    async Task<IResult> SaveGroupAsync(HttpContext context, string? id, IFormCollection form)
    {
        var tenant = context.Caller().Tenant;
        if (id is not null && await groups.GetAsync(tenant, id, context.RequestAborted) is null)
        {
            return DoneText.Redirect(context, "/people", "gone");
        }

        if (await groupDesk.SaveAsync(tenant, id, form["name"].ToString(), [.. form["members"].OfType<string>()], id is null ? null : form["tag"].ToString(), context.RequestAborted) is null)
        {
            throw new InvalidRequestException("Somebody else changed this group while you did: look at it as it is now, and change it again.");
        }

        return DoneText.Redirect(context, "/people", "group");
    }

    async Task<IResult> DeleteGroupAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/people", await groups.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? "deleted" : "gone");
}
