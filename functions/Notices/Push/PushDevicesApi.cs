using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices.Push;

/// <summary><c>/api/v1/users/me/devices</c>: browsers that show notices to the caller.</summary>
static class PushDevicesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/api/v1/users/me/devices").WithTags("notices").Requires(Role.Responder);
        mine.MapGet("", ListAsync).Produces<PushDeviceList>().WithSummary("Lists the devices that get the caller's notices");
        mine.MapPost("", AddAsync).Accepts<PushDeviceRequest>("application/json").Produces<PushDevice>(StatusCodes.Status201Created).WithSummary("Lets a device get the caller's notices");
        mine.MapDelete("/{id}", RemoveAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Takes a device away");
    }

    static async Task<IResult> ListAsync(HttpContext context, PushDevices devices) =>
        TypedResults.Json(await devices.ListAsync(context.Caller(), context.RequestAborted), NoticesJson.Plain.PushDeviceList);

    static async Task<IResult> AddAsync(HttpContext context, PushDevices devices)
    {
        var request = await context.Request.ReadAsync(NoticesJson.Plain.PushDeviceRequest);
        return await devices.AddAsync(context.Caller(), request, context.RequestAborted) is { } device
            ? TypedResults.Json(device, NoticesJson.Plain.PushDevice, statusCode: StatusCodes.Status201Created)
            : ProblemResult.Conflict("Only a person has browsers; a key has none.");
    }

    static async Task<IResult> RemoveAsync(HttpContext context, PushDevices devices, string id) =>
        await devices.RemoveAsync(context.Caller(), id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();
}
