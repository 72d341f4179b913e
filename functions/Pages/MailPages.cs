using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/mail</c>, one mail, and what the series of mails owe.</summary>
sealed class MailPages(MailStore mails, UnclassifiedMails unclassified, MailEvents events, SeriesRows series, SeriesDesk desk, TimeProvider clock)
{
    const int ShownMails = 50;
    const int ShownSeries = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/mail").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, MailPages pages) => pages.ListAsync(context)).Requires(Role.Reader);
        group.MapGet("/series", (HttpContext context, MailPages pages) => pages.ListSeriesAsync(context)).Requires(Role.Reader);
        group.MapPost("/series/{id}/end", (HttpContext context, MailPages pages, string id) => pages.EndAsync(context, id)).Requires(Role.Responder);
        group.MapGet("/{id}", (HttpContext context, MailPages pages, string id) => pages.ShowAsync(context, id)).Requires(Role.Reader);
    }

    async Task<IResult> ListAsync(HttpContext context)
    {
        var (_, next) = context.Request.Paging();
        var onlyUnclassified = context.Request.Query["show"] == "unclassified";
        var tenant = context.Caller().Tenant;
        var (found, more) = onlyUnclassified
            ? await unclassified.ListAsync(tenant, ShownMails, next, context.RequestAborted)
            : await mails.ListAsync(tenant, ShownMails, next, context.RequestAborted);
        return new Page<MailsPage>(PageFrame.Of(context, "Mail"), ("Mails", found), ("Next", more), ("OnlyUnclassified", onlyUnclassified));
    }

    async Task<IResult> ShowAsync(HttpContext context, string id)
    {
        var tenant = context.Caller().Tenant;
        if (await mails.GetAsync(tenant, id, context.RequestAborted) is not { } mail)
        {
            return NotFound.Of(context);
        }

        var frame = PageFrame.Of(context, mail.Series.Name);
        var row = await series.ReadAsync(tenant, mail.Series.Id, context.RequestAborted);
        var subject = mail.Tags.Schedule is null ? MailEvents.SubjectOf(mail.Series.Id) : SeriesTeller.SubjectOf(mail.Series.Id);
        var incident = await events.FindAsync(tenant, subject, context.RequestAborted);
        return new Page<MailPage>(frame, ("Mail", mail), ("Series", row is null ? null : SeriesAnswer.Of(row, frame.Now)), ("Incident", incident?.Id));
    }

    async Task<IResult> ListSeriesAsync(HttpContext context)
    {
        var frame = PageFrame.Of(context, "Mail series");
        var (_, next) = context.Request.Paging();
        var (rows, more) = await series.ListAsync(context.Caller().Tenant, ShownSeries, next, context.RequestAborted);
        IReadOnlyList<SeriesAnswer> shown = [.. rows.Select(row => SeriesAnswer.Of(row, frame.Now)).OrderBy(Order).ThenBy(answer => answer.Name, StringComparer.OrdinalIgnoreCase)];
        return new Page<SeriesPage>(frame, ("Series", shown), ("Next", more));
    }

    async Task<IResult> EndAsync(HttpContext context, string id) =>
        await desk.EndAsync(context.Caller(), id, clock.GetUtcNow(), context.RequestAborted) is null ? NotFound.Of(context) : DoneText.Redirect(context, "/mail/series", "ended");

    /// <summary>What needs somebody stands first, what is over last.</summary>
    static int Order(SeriesAnswer series) => series.Status switch { "too few" or "too many" => 0, "late" => 1, "ended" => 3, _ => 2 };
}
