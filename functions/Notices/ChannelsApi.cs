using System.Buffers;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <summary>A channel as somebody enters it.</summary>
/// <param name="Kind">webhook, mail, teams or slack; cannot be changed later.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="MinSeverity">info, warning (default) or critical: less is not sent here.</param>
/// <param name="Digest">When it is told every day what is still open, for example <c>{"at":"09:00","timeZone":"Europe/Berlin"}</c>; left out for never; with <c>"report":"mon"</c> a report of the last seven days comes on Mondays.</param>
/// <param name="Settings">As the kind has them; a secret that is left out stays as it is.</param>
public sealed record ChannelRequest(string? Kind, string? Name, JsonElement Settings, Level MinSeverity = Level.Warning, bool Enabled = true, DailyTime? Digest = null);

/// <param name="Problem">Why nothing can go this way until somebody changes the channel.</param>
public sealed record ChannelAnswer(
    string Id, string Kind, string Name, Level MinSeverity, bool Enabled, JsonElement Settings, DailyTime? Digest, string? Problem, DateTimeOffset? ProblemAt);

public sealed record ChannelList(IReadOnlyList<ChannelAnswer> Items, string? Next = null);

/// <param name="Reason">What the other side said.</param>
public sealed record TestAnswer(bool Sent, string Reason, bool? WorthRetrying = null);

/// <summary><c>/api/v1/channels</c>: where notices go.</summary>
static class ChannelsApi
{
    static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var channels = routes.MapGroup("/api/v1/channels").WithTags("channels");
        channels.MapGet("", ListAsync).Produces<ChannelList>().Requires(Role.Reader).WithSummary("Lists channels");
        channels.MapGet("/{id}", GetAsync).Produces<ChannelAnswer>().Requires(Role.Reader).WithSummary("Shows a channel without its secrets");
        channels.MapPost("", CreateAsync).Accepts<ChannelRequest>("application/json").Produces<ChannelAnswer>(StatusCodes.Status201Created).Requires(Role.Admin).WithSummary("Makes a channel");
        channels.MapPut("/{id}", ReplaceAsync).Accepts<ChannelRequest>("application/json").Produces<ChannelAnswer>().Requires(Role.Admin).WithSummary("Changes a channel");
        channels.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).Requires(Role.Admin).WithSummary("Deletes a channel");
        channels.MapPost("/{id}/test", TestAsync).Produces<TestAnswer>().Requires(Role.Responder).WithSummary("Sends a test notice through a channel");
    }

    static async Task<IResult> ListAsync(HttpContext context, ChannelDesk desk)
    {
        var all = await desk.ListAsync(context.Caller().Tenant, context.RequestAborted);
        return TypedResults.Json(new ChannelList([.. all.Select(desk.Show)]), NoticesJson.Plain.ChannelList);
    }

    static async Task<IResult> GetAsync(HttpContext context, ChannelDesk desk, string id) => Answer(context, desk, await desk.GetAsync(context.Caller().Tenant, id, context.RequestAborted));

    static async Task<IResult> CreateAsync(HttpContext context, ChannelDesk desk)
    {
        var request = await context.Request.ReadAsync(NoticesJson.Default.ChannelRequest);
        var channel = await desk.CreateAsync(context.Caller().Tenant, request, context.RequestAborted);
        context.Response.Headers.Location = "/api/v1/channels/" + channel.Id;
        return TypedResults.Json(desk.Show(channel), NoticesJson.Plain.ChannelAnswer, statusCode: StatusCodes.Status201Created);
    }

    static async Task<IResult> ReplaceAsync(HttpContext context, ChannelDesk desk, string id)
    {
        var request = await context.Request.ReadAsync(NoticesJson.Plain.ChannelRequest);
        if (await desk.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is not { } stored)
        {
            return TypedResults.NotFound();
        }

        if (context.Request.Headers.IfMatch.ToString() is { Length: > 0 } wanted && wanted != Tag(stored))
        {
            return ProblemResult.Changed("Somebody else changed this channel; read it again.");
        }

        return await desk.ReplaceAsync(stored, request, context.RequestAborted) is { } channel
            ? Answer(context, desk, channel)
            : ProblemResult.Conflict("Somebody else is changing this channel; read it again.");
    }

    static async Task<IResult> DeleteAsync(HttpContext context, ChannelStore channels, string id) =>
        IsId(id) && await channels.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> TestAsync(HttpContext context, ChannelDesk desk, string id)
    {
        if (await desk.GetAsync(context.Caller().Tenant, id, context.RequestAborted) is not { } channel)
        {
            return TypedResults.NotFound();
        }

        var result = await desk.TestAsync(channel, context.Caller(), context.RequestAborted);
        return TypedResults.Json(new TestAnswer(result.IsSent, result.Reason, result.IsSent ? null : result.IsWorthRetrying), NoticesJson.Plain.TestAnswer);
    }

    static IResult Answer(HttpContext context, ChannelDesk desk, Channel? channel)
    {
        if (channel is null)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ETag = Tag(channel);
        return TypedResults.Json(desk.Show(channel), NoticesJson.Plain.ChannelAnswer);
    }

    /// <summary>Storage ETags are weak and hold quotes of their own.</summary>
    static string Tag(Channel channel) => $"\"{Keys.Hash(channel.ETag)[..16]}\"";

    internal static bool IsId(string id) => id.Length == 32 && !id.AsSpan().ContainsAnyExcept(Hex);
}
