using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Kind">api (default); ping for the addresses /ping/{key}/{slug}; badge for the address /badge/{key}; status for the page /status/{key}; calendar for the address /calendar/{key}.ics.</param>
/// <param name="Scopes">Of an API key: ping, create, read, write, admin.</param>
/// <param name="Role">Of an API key; by default what the scopes need.</param>
/// <param name="Job">Of a badge: the id of the one job that it shows; all jobs when absent.</param>
/// <param name="Org">Of a status page: shows what matches this path, for example shop.ui.*; everything when neither org nor tag is given.</param>
/// <param name="Tag">Of a status page: shows the jobs that have this tag.</param>
public sealed record KeyRequest(string Name, string? Kind = null, IReadOnlyList<string>? Scopes = null, string? Role = null, string? Job = null, string? Org = null, string? Tag = null);

/// <param name="Key">The key itself, only in the answer to its creation.</param>
public sealed record KeyView(string Id, string Kind, string Name, string Role, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, string CreatedBy, string? Job = null, string? Org = null, string? Tag = null, string? Key = null)
{
    public static KeyView Of(ApiKey key, string? text = null) => new(
        key.Id,
        Words.Of(key.Kind),
        key.Name,
        Words.Of(key.Role),
        Words.List(key.Scopes),
        key.CreatedAt,
        key.CreatedBy,
        key.Part.Job,
        key.Part.Org,
        key.Part.Tag,
        text);

    /// <summary>Never the key: records print their members.</summary>
    public override string ToString() => $"key {Id}";
}

public sealed record KeyPage(IReadOnlyList<KeyView> Items, string? Next);

/// <summary><c>/api/v1/keys</c>: keys of programs and ping keys of the caller's tenant.</summary>
static class KeysApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").WithTags("keys").Requires(Role.Admin);
        keys.MapGet("", ListAsync).Produces<KeyPage>().WithSummary("Lists keys without their secrets");
        keys.MapPost("", CreateAsync).Accepts<KeyRequest>("application/json").Produces<KeyView>(StatusCodes.Status201Created).WithSummary("Makes a key and shows it once");
        keys.MapDelete("/{id}", RevokeAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Revokes a key");
    }

    static async Task<IResult> ListAsync(HttpContext context, ApiKeys keys)
    {
        var (limit, next) = context.Request.Paging();
        var page = await keys.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new KeyPage([.. page.Keys.Select(key => KeyView.Of(key))], page.Next), TenantsJson.Plain.KeyPage);
    }

    static async Task<IResult> CreateAsync(HttpContext context, KeyDesk desk)
    {
        var made = await desk.CreateAsync(context.Caller(), await context.Request.ReadAsync(TenantsJson.Default.KeyRequest), context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = "/api/v1/keys/" + made.Key.Id;
        return TypedResults.Json(KeyView.Of(made.Key, made.Text), TenantsJson.Plain.KeyView, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> RevokeAsync(HttpContext context, KeyDesk desk, string id) =>
        await desk.RevokeAsync(context.Caller(), id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();
}
