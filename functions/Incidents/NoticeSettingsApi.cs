using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary><c>/api/v1/notices/settings</c>: what holds for all channels of a tenant.</summary>
static class NoticeSettingsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/api/v1/notices/settings").WithTags("notices");
        settings.MapGet("", GetAsync).Produces<NoticeSettings>().Requires(Role.Reader);
        settings.MapPut("", PutAsync).Accepts<NoticeSettings>("application/json").Produces<NoticeSettings>().Requires(Role.Admin);
    }

    static async Task<IResult> GetAsync(HttpContext context, Reminders reminders) =>
        TypedResults.Json(new NoticeSettings(await reminders.EveryAsync(context.Caller().Tenant, context.RequestAborted)), IncidentsJson.Default.NoticeSettings);

    static async Task<IResult> PutAsync(HttpContext context, Reminders reminders, TimeProvider clock)
    {
        var request = await context.Request.ReadAsync(IncidentsJson.Default.NoticeSettings);
        await reminders.SetEveryAsync(context.Caller().Tenant, request.RemindEvery, clock.GetUtcNow(), context.RequestAborted);
        return TypedResults.Json(request, IncidentsJson.Default.NoticeSettings);
    }
}
