using Microsoft.Extensions.Options;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/status/{secret}</c>: names, states and since when, for whoever has the link. What was read is kept for 15 s.</summary>
sealed class StatusPages(StatusKeys keys, JobStore jobs, IncidentLists incidents, LinkPace pace, IOptions<DeskOptions> options, TimeProvider clock)
{
    const int ReadJobs = 1000;
    const int PageOfJobs = 200;

    readonly Remembered<StatusBoard> _read = new(1000, TimeSpan.FromSeconds(15));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/status/{secret}", (HttpContext context, StatusPages pages, string secret) => pages.ShowAsync(context, secret)).AllowAnonymous().ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context, string secret)
    {
        context.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (pace.Refusal(context) is { } refusal)
        {
            return refusal;
        }

        // A revoked key is not found any more, whatever is still kept.
        if (await keys.FindAsync(secret, context.RequestAborted) is not { } opened)
        {
            return new Page<NotFoundPage>(PageFrame.Of(context, "Not found")) { Status = StatusCodes.Status404NotFound };
        }

        var (now, key) = (clock.GetUtcNow(), $"{opened.Tenant}~{opened.Part}~{opened.Name}");
        if (_read.Get(key, now) is not { } board)
        {
            board = await ReadAsync(opened, now, context.RequestAborted);
            _read.Set(key, board, now);
        }

        return new Page<StatusPage>(PageFrame.Of(context, board.Name), ("Board", board));
    }

    async Task<StatusBoard> ReadAsync(Opened opened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var views = new List<JobView>();
        string? next = null;
        do
        {
            (var rows, next) = await jobs.ListAsync(opened.Tenant, PageOfJobs, next, cancellationToken);
            views.AddRange(rows.Select(row => JobView.Of(row, options.Value.PublicUrl, now)));
        }
        while (next is not null && views.Count < ReadJobs);
        var (open, isAll) = await incidents.AllOpenAsync(opened.Tenant, cancellationToken);
        return StatusBoard.Of(opened, views, open, next is not null || !isAll);
    }
}
