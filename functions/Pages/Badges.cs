using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Pages.Parts;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/badge/{secret}</c>: the status of one job or of all, as a small picture for a readme.</summary>
sealed class Badges(BadgeKeys keys, JobStore jobs, IOptions<DeskOptions> options, TimeProvider clock)
{
    readonly Remembered<string> _drawn = new(1000, TimeSpan.FromSeconds(15));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/badge/{secret}", (HttpContext context, Badges badges, string secret) => badges.ShowAsync(context, secret)).AllowAnonymous().ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context, string secret)
    {
        var text = secret.EndsWith(".svg", StringComparison.Ordinal) ? secret[..^4] : secret;
        if (await keys.FindAsync(text, context.RequestAborted) is not { } opened)
        {
            return TypedResults.NotFound();
        }

        var (now, key) = (clock.GetUtcNow(), $"{opened.Tenant}~{opened.Part.Job}");
        if (_drawn.Get(key, now) is not { } svg)
        {
            var (label, message, status) = await StatusAsync(opened, now, context.RequestAborted);
            svg = Draw(label, message, status);
            _drawn.Set(key, svg, now);
        }

        context.Response.Headers.CacheControl = "no-cache, max-age=30";
        return TypedResults.Text(svg, "image/svg+xml", Encoding.UTF8);
    }

    async Task<(string Label, string Message, JobStatus Status)> StatusAsync(Opened opened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (opened.Part.Job is { } id)
        {
            return await jobs.GetAsync(opened.Tenant, id, cancellationToken) is { } row
                ? (row.Job.Name, StatusWords.Word(View(row, now).Status), View(row, now).Status)
                : ("job", "gone", JobStatus.Paused);
        }

        var (rows, more) = await jobs.ListAsync(opened.Tenant, DeskView.ReadJobs, null, cancellationToken);
        var views = rows.Select(row => View(row, now)).ToList();
        var worst = views.Count == 0 ? JobStatus.New : views.MinBy(view => StatusWords.Order(view.Status))!.Status;
        var count = views.Count(view => view.Status == worst).ToString(CultureInfo.InvariantCulture);
        return ("jobs", views.Count == 0 ? "none" : $"{count} of {views.Count}{(more is null ? "" : "+")} {StatusWords.Word(worst)}", worst);
    }

    JobView View(JobRow row, DateTimeOffset now) => JobView.Of(row, options.Value.PublicUrl, now);

    internal static string Draw(string label, string message, JobStatus status)
    {
        var name = label.Length <= 40 ? label : label[..39] + "…";
        var (left, right) = (Width(name), Width(message));
        var color = status switch { JobStatus.Attention => "#b3261e", JobStatus.Warning => "#8a5300", JobStatus.Good => "#1d6b3c", _ => "#56606d" };
        var (l, m) = (System.Net.WebUtility.HtmlEncode(name), System.Net.WebUtility.HtmlEncode(message));
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{l}: {m}"><title>{l}: {m}</title><rect width="{left + right}" height="20" rx="3" fill="#3a424d"/><path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{color}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="7" y="14" textLength="{left - 14}">{l}</text><text x="{left + 7}" y="14" textLength="{right - 14}">{m}</text></g></svg>
            """);
    }

    /// <summary>Verdana at 11 px, about; textLength makes it fit exactly.</summary>
    static int Width(string text) => 14 + (int)Math.Ceiling(text.Sum(c => c is 'i' or 'l' or '.' or ' ' or '1' ? 4.2 : char.IsUpper(c) ? 7.9 : 6.8));
}
