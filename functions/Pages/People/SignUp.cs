using Microsoft.AspNetCore.Antiforgery;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Pages.People;

/// <summary><c>/sign-up</c>: by invitation, or for everybody where the installation says so.</summary>
static class SignUp
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-up", Show).AllowAnonymousSeeingCaller().ExcludeFromDescription();
        routes.MapPost("/sign-up", SignUpAsync).AllowAnonymousSeeingCaller().ExcludeFromDescription();
    }

    static IResult Show(HttpContext context, PeopleDesk desk) => PageOf(context, desk, new PersonRequest(Invitation: context.Request.Query["invitation"].ToString()));

    static async Task<IResult> SignUpAsync(HttpContext context, IAntiforgery antiforgery, PeopleDesk desk, SessionCookie cookie)
    {
        if (!context.Request.HasFormContentType)
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the fields as a form.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var request = RequestOf(form);
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return PageOf(context, desk, request, "This page was open for too long. Try once more.", StatusCodes.Status400BadRequest);
        }

        try
        {
            var (user, refusal) = await desk.AddAsync(request.ToNew(), null, context.RequestAborted);
            if (user is null)
            {
                return PageOf(context, desk, request, refusal!.Detail, refusal.Status);
            }

            await cookie.BeginAsync(context, user);
            return DoneText.Redirect(context, "/profile", "joined");
        }
        catch (InvalidRequestException wrong)
        {
            return PageOf(context, desk, request, wrong.Message, StatusCodes.Status400BadRequest);
        }
    }

    static PersonRequest RequestOf(IFormCollection form)
    {
        var (region, id, secret) = (Text("region"), Text("awsAccessKeyId"), Text("awsSecretAccessKey"));
        return new PersonRequest(
            Text("email"),
            Text("name"),
            form["password"].ToString(),
            Text("slackUser"),
            Text("riaId"),
            region is null && id is null && secret is null ? null : new AwsCredentials(region, id, secret),
            Text("invitation"));

        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    static IResult PageOf(HttpContext context, PeopleDesk desk, PersonRequest entered, string? problem = null, int status = StatusCodes.Status200OK) =>
        new Page<SignUpPage>(PageFrame.Of(context, "Sign up"), ("Entered", entered), ("How", desk.SignUp), ("Problem", problem)) { Status = status };
}
