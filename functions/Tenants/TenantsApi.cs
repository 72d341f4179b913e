using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>A tenant to add.</summary>
/// <param name="Id">2 to 30 of a-z, 0-9 and the hyphen.</param>
/// <param name="EntraTenants">Directory ids whose people may sign in.</param>
public sealed record TenantRequest(string Id, string? Name = null, IReadOnlyList<Guid>? EntraTenants = null);

public sealed record TenantView(string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyList<string> EntraTenants)
{
    public static TenantView Of(Tenant tenant) => new(tenant.Id, tenant.Name, tenant.CreatedAt, tenant.EntraTenants);
}

public sealed record TenantPage(IReadOnlyList<TenantView> Items, string? Next);

/// <summary><c>/api/v1/tenants</c>: the teams of this installation, for an admin of <c>main</c>.</summary>
static class TenantsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapGroup("/api/v1/tenants").WithTags("tenants").Requires(Role.Admin).AddEndpointFilter(OnlyMainAsync);
        tenants.MapGet("", ListAsync).Produces<TenantPage>().WithSummary("Lists tenants");
        tenants.MapPost("", CreateAsync).Accepts<TenantRequest>("application/json").Produces<TenantView>(StatusCodes.Status201Created).WithSummary("Makes a tenant");
    }

    static async ValueTask<object?> OnlyMainAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Caller().Tenant == Tenant.Main
            ? await next(context)
            : new Problem(StatusCodes.Status403Forbidden, "This needs the role admin in the tenant main.");

    static async Task<IResult> ListAsync(HttpContext context, TenantStore tenants) =>
        TypedResults.Json(new TenantPage([.. (await tenants.ListAsync(context.RequestAborted)).Select(TenantView.Of)], null), TenantsJson.Plain.TenantPage);

    static async Task<IResult> CreateAsync(HttpContext context, TenantStore tenants, TimeProvider clock)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Plain.TenantRequest);
        if (!Tenant.IsId(request.Id))
        {
            throw new InvalidRequestException("id must be 2 to 30 of a-z, 0-9 and the hyphen.");
        }

        var name = request.Name?.Trim() ?? request.Id;
        if (name.Length is 0 or > 100 || request.EntraTenants?.Count > 50)
        {
            throw new InvalidRequestException("name must be 1 to 100 characters, entraTenants at most 50.");
        }

        var tenant = new Tenant(request.Id, name, clock.GetUtcNow(), [.. (request.EntraTenants ?? []).Select(id => id.ToString())]);
        return await tenants.CreateAsync(tenant, context.RequestAborted)
            ? TypedResults.Json(TenantView.Of(tenant), TenantsJson.Plain.TenantView, statusCode: StatusCodes.Status201Created)
            : new Problem(StatusCodes.Status409Conflict, "There is a tenant of this id already.");
    }
}
