using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/notices/settings</c>: what holds for all channels of a tenant.</summary>
static class NoticeSettingsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/api/v1/notices/settings").WithTags("notices");
        settings.MapGet("", GetAsync).Produces<NoticeSettings>().Requires(Role.Reader).WithSummary("Shows how often people are reminded");
        settings.MapPut("", PutAsync).Accepts<NoticeSettings>("application/json").Produces<NoticeSettings>().Requires(Role.Admin).WithSummary("Changes how often people are reminded");
    }

    static async Task<IResult> GetAsync(HttpContext context, Reminders reminders) =>
        TypedResults.Json(new NoticeSettings(await reminders.EveryAsync(context.Caller().Tenant, context.RequestAborted)), IncidentsJson.Plain.NoticeSettings);

    static async Task<IResult> PutAsync(HttpContext context, Reminders reminders, TimeProvider clock)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Plain.NoticeSettings);
        await reminders.SetEveryAsync(context.Caller().Tenant, request.RemindEvery, clock.GetUtcNow(), context.RequestAborted);
        return TypedResults.Json(request, IncidentsJson.Plain.NoticeSettings);
    }
}
