using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/</c>: how it stands.</summary>
sealed class DeskPages(JobStore jobs, IncidentLists incidents, NoticeStore notices, DeadLetters letters, IOptions<DeskOptions> options)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", (HttpContext context, DeskPages pages) => pages.ShowAsync(context)).Requires(Role.Reader).ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (tenant, frame) = (context.Caller().Tenant, PageFrame.Of(context, "Desk"));
        var jobsRead = jobs.ListAsync(tenant, DeskView.ReadJobs, null, context.RequestAborted);
        var openRead = incidents.ListAsync(tenant, isOpen: true, DeskView.ShownIncidents, null, context.RequestAborted);
        var countRead = incidents.CountOpenAsync(tenant, context.RequestAborted);
        var noticesRead = notices.ListAsync(tenant, DeskView.ReadNotices, null, context.RequestAborted);
        var (set, moreLetters) = await letters.ListAsync(tenant, DeskView.ShownLetters, null, context.RequestAborted);
        var (rows, moreJobs) = await jobsRead;
        var (open, moreIncidents) = await openRead;
        var (sent, _) = await noticesRead;
        var view = new DeskView(
            DeskView.Sorted(rows.Select(row => JobView.Of(row, options.Value.PublicUrl, frame.Now))), moreJobs is not null, open, moreIncidents is not null,
            await countRead, [.. sent.Where(delivery => DeliveryText.IsStuck(delivery, frame.Now))], set, moreLetters is not null);
        return new Page<DeskPage>(frame with { Title = view.Headline() }, ("View", view));
    }
}
