using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>A group to make, or what becomes of one.</summary>
/// <param name="Members">Ids of people of the tenant.</param>
public sealed record GroupRequest(string Name, IReadOnlyList<string>? Members = null);

public sealed record GroupView(string Id, string Name, IReadOnlyList<string> Members)
{
    public static GroupView Of(Group group) => new(group.Id, group.Name, group.Members);
}

public sealed record GroupPage(IReadOnlyList<GroupView> Items, string? Next);

/// <summary><c>/api/v1/groups</c>: groups of people of the caller's tenant.</summary>
static class GroupsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/api/v1/groups").WithTags("groups");
        groups.MapGet("", ListAsync).Requires(Role.Reader).Produces<GroupPage>().WithSummary("Lists groups");
        groups.MapGet("/{id}", GetAsync).Requires(Role.Reader).Produces<GroupView>().WithSummary("Shows a group");
        groups.MapPost("", CreateAsync).Requires(Role.Admin).Accepts<GroupRequest>("application/json").Produces<GroupView>(StatusCodes.Status201Created).WithSummary("Makes a group");
        groups.MapPut("/{id}", ChangeAsync).Requires(Role.Admin).Accepts<GroupRequest>("application/json").Produces<GroupView>().WithSummary("Changes a group");
        groups.MapDelete("/{id}", DeleteAsync).Requires(Role.Admin).Produces(StatusCodes.Status204NoContent).WithSummary("Deletes a group");
    }

    static async Task<IResult> ListAsync(HttpContext context, Groups groups) =>
        TypedResults.Json(new GroupPage([.. (await groups.ListAsync(context.Caller().Tenant, context.RequestAborted)).Select(GroupView.Of)], null), TenantsJson.Plain.GroupPage);

    static async Task<IResult> GetAsync(HttpContext context, Groups groups, string id) =>
        await groups.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is { } group ? Answer(context, group) : TypedResults.NotFound();

    static async Task<IResult> CreateAsync(HttpContext context, GroupDesk desk)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.GroupRequest);
        var group = (await desk.SaveAsync(context.Caller().Tenant, null, request.Name, request.Members ?? [], null, context.RequestAborted))!;
        context.Response.Headers.Location = "/api/v1/groups/" + group.Id;
        return TypedResults.Json(GroupView.Of(group), TenantsJson.Plain.GroupView, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ChangeAsync(HttpContext context, Groups groups, GroupDesk desk, string id)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.GroupRequest);
        var tenant = context.Caller().Tenant;
        if (await groups.GetAsync(tenant, id, context.RequestAborted) is null)
        {
            return TypedResults.NotFound();
        }

        var expected = context.Request.Headers.IfMatch.ToString() is { Length: > 0 } tag and not "*" ? tag : null;
        return await desk.SaveAsync(tenant, id, request.Name, request.Members ?? [], expected, context.RequestAborted) is { } group
            ? Answer(context, group)
            : expected is not null ? ProblemResult.Changed("Somebody else changed this group; read it again.") : ProblemResult.Conflict("Somebody else is changing this group; read it again.");
    }

    static IResult Answer(HttpContext context, Group group)
    {
        context.Response.Headers.ETag = group.Tag;
        return TypedResults.Json(GroupView.Of(group), TenantsJson.Plain.GroupView);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, Groups groups, string id) =>
        await groups.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();
}
