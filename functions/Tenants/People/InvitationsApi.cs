using Microsoft.Extensions.Options;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>An invitation to make.</summary>
/// <param name="Email">Only who has this address may use it.</param>
/// <param name="Role">What the person becomes; reader when absent.</param>
public sealed record InvitationRequest(string? Email = null, string? Role = null);

/// <param name="Url">The link, only in the answer to its creation: it works once, until it ends.</param>
public sealed record InvitationView(string Id, string? Email, string Role, string By, DateTimeOffset At, DateTimeOffset Until, string? Url = null)
{
    public static InvitationView Of(Invitation invitation, string? url = null) =>
        new(invitation.Id, invitation.Email, Words.Of(invitation.Role), invitation.By, invitation.At, invitation.Until, url);

    /// <summary>Never the link: records print their members.</summary>
    public override string ToString() => Id;
}

public sealed record InvitationPage(IReadOnlyList<InvitationView> Items, string? Next);

/// <summary><c>/api/v1/invitations</c>: links by which somebody may sign up once.</summary>
static class InvitationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var invitations = routes.MapGroup("/api/v1/invitations").WithTags("invitations").Requires(Role.Admin);
        invitations.MapGet("", ListAsync).Produces<InvitationPage>().WithSummary("Lists open invitations");
        invitations.MapPost("", CreateAsync).Accepts<InvitationRequest>("application/json").Produces<InvitationView>(StatusCodes.Status201Created).WithSummary("Makes an invitation and shows its address once");
        invitations.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Takes an invitation back");
    }

    /// <summary>Where the invited person signs up.</summary>
    public static string Url(string publicUrl, string text) => $"{publicUrl}/sign-up?invitation={text}";

    static async Task<IResult> ListAsync(HttpContext context, Invitations invitations) =>
        TypedResults.Json(new InvitationPage([.. (await invitations.ListAsync(context.Caller().Tenant, context.RequestAborted)).Select(invitation => InvitationView.Of(invitation))], null), TenantsJson.Plain.InvitationPage);

    static async Task<IResult> CreateAsync(HttpContext context, Invitations invitations, IOptions<DeskOptions> options)
    {
        var request = await context.Request.ReadAsync(TenantsJson.Default.InvitationRequest);
        var mail = string.IsNullOrWhiteSpace(request.Email) ? null : PersonRules.Login(request.Email, "email");
        var (invitation, text) = await invitations.CreateAsync(context.Caller(), mail, PersonRules.RoleOf(request.Role) ?? Role.Reader, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(InvitationView.Of(invitation, Url(options.Value.PublicUrl, text)), TenantsJson.Plain.InvitationView, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, Invitations invitations, string id) =>
        await invitations.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();
}
