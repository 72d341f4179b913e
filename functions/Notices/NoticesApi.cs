using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <summary>One notice on its way through one channel.</summary>
/// <param name="Why">Why this channel was told.</param>
/// <param name="NextTryAt">While it waits for another try.</param>
public sealed record NoticeItem(
    string Id, string Incident, string Title, string Channel, string ChannelKind, string ChannelName, string Why,
    DeliveryState State, int Tries, string? LastError, DateTimeOffset At, DateTimeOffset? SentAt, DateTimeOffset? NextTryAt)
{
    public static NoticeItem Of(Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var waits = delivery.State == DeliveryState.Waiting && delivery.NextAt > DateTimeOffset.UnixEpoch;
        return new NoticeItem(
            delivery.Id, delivery.Key.Incident, delivery.Title, delivery.Recipient.Channel, delivery.Recipient.Kind, delivery.Recipient.Name, delivery.Recipient.Reason,
            delivery.State, delivery.Tries, delivery.LastError.Length > 0 ? delivery.LastError : null, delivery.Key.At, delivery.SentAt, waits ? delivery.NextAt : null);
    }
}

public sealed record NoticeList(IReadOnlyList<NoticeItem> Items, string? Next);

/// <summary><c>/api/v1/notices</c>: what was sent, what waits, what failed and why.</summary>
static class NoticesApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/notices", ListAsync).WithTags("notices").Produces<NoticeList>().Requires(Role.Reader).WithSummary("Lists notices and how they were delivered");

    static async Task<IResult> ListAsync(HttpContext context, NoticeStore notices)
    {
        var (limit, next) = context.Request.Paging();
        var (items, more) = await notices.ListAsync(context.Caller().Tenant, limit, next, context.RequestAborted);
        return TypedResults.Json(new NoticeList([.. items.Select(NoticeItem.Of)], more), NoticesJson.Plain.NoticeList);
    }
}
