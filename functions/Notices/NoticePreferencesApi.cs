using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <summary><c>/api/v1/users/me/notices</c>: how the caller wants to be told.</summary>
static class NoticePreferencesApi
{
    const string NoPerson = "Only a person has preferences; a key has none.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/api/v1/users/me/notices").WithTags("notices");
        mine.MapGet("", GetAsync).Produces<PreferencesAnswer>().Requires(Role.Reader).WithSummary("Shows how the caller is told");
        mine.MapPut("", PutAsync).Accepts<PreferencesRequest>("application/json").Produces<PreferencesAnswer>().Requires(Role.Responder).WithSummary("Changes how the caller is told");
    }

    static async Task<IResult> GetAsync(HttpContext context, NoticePreferences preferences) => Answer(await preferences.GetAsync(context.Caller(), context.RequestAborted));

    static async Task<IResult> PutAsync(HttpContext context, NoticePreferences preferences)
    {
        var request = await context.Request.ReadAsync(NoticesJson.Default.PreferencesRequest);
        return Answer(await preferences.PutAsync(context.Caller(), request.Items ?? throw new InvalidRequestException("items is a list."), context.RequestAborted));
    }

    static IResult Answer(PreferencesAnswer? answer) =>
        answer is null ? ProblemResult.Conflict(NoPerson) : TypedResults.Json(answer, NoticesJson.Plain.PreferencesAnswer);
}
