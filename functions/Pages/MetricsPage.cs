using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Pages.Parts;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/metrics</c>: how the caller's tenant and this process stand, in Prometheus' text form.</summary>
sealed class MetricsPage(JobStore jobs, IncidentLists incidents, DeadLetters letters, Health health, IMessageSender queues, PrometheusMeters meters, IOptions<DeskOptions> options, TimeProvider clock)
{
    /// <summary>Of jobs, incidents and dead letters: what lies beyond is not counted, and watchdesk_counted_all is 0.</summary>
    const int MaxPages = 10;
    const int PageSize = 200;

    static readonly string[] Queues = [Inbox.Queue, TakeNative.Queue, Outbox.Queue];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (HttpContext context, MetricsPage page) => page.ShowAsync(context)).Requires(Role.Reader).ExcludeFromDescription();

    async Task<IResult> ShowAsync(HttpContext context)
    {
        var (tenant, now) = (context.Caller().Tenant, clock.GetUtcNow());
        var (views, moreJobs) = await AllAsync(async next => await jobs.ListAsync(tenant, PageSize, next, context.RequestAborted), row => JobView.Of(row, options.Value.PublicUrl, now).Status);
        var (open, moreIncidents) = await AllAsync(async next => await incidents.ListAsync(tenant, true, PageSize, next, context.RequestAborted), incident => incident.Severity);
        var (set, moreLetters) = await AllAsync(async next => await letters.ListAsync(tenant, PageSize, next, context.RequestAborted), letter => letter.Queue);
        var waiting = await Task.WhenAll(Queues.Select(async queue => (Queue: queue, Count: await queues.CountAsync(queue, context.RequestAborted))));
        using var process = Process.GetCurrentProcess();
        var report = await health.LookAsync(new DateTimeOffset(process.StartTime), context.RequestAborted);

        var text = new StringBuilder(2048);
        Write(text, "watchdesk_jobs", "Jobs by status.", "status", StatusWords.WorstFirst.Select(status => (StatusWords.Css(status), views.Count(view => view == status))));
        Write(text, "watchdesk_incidents_open", "Open incidents by severity.", "severity", Enum.GetValues<Severity>().Select(severity => (severity.ToString().ToLowerInvariant(), open.Count(one => one == severity))));
        Write(text, "watchdesk_dead_letters", "Messages that were set aside, by queue.", "queue", set.GroupBy(queue => queue, StringComparer.Ordinal).Select(group => (group.Key, group.Count())));
        Write(text, "watchdesk_queue_messages", "Messages that wait or are being handled, about; of the whole installation.", "queue", waiting.Where(one => one.Count is not null).Select(one => (one.Queue, (int)one.Count!)));
        Write(text, "watchdesk_counted_all", "1 when the numbers above are of all there is.", moreJobs || moreIncidents || moreLetters ? 0 : 1);
        Write(text, "watchdesk_storage_up", "1 when storage answered.", report.IsStorageFine ? 1 : 0);
        if (report.LastTickAt is { } tick)
        {
            Write(text, "watchdesk_tick_age_seconds", "Since the last tick on any instance.", Math.Max(0, (now - tick).TotalSeconds));
        }

        meters.WriteTo(text);
        return TypedResults.Text(text.ToString(), "text/plain; version=0.0.4", Encoding.UTF8);
    }

    static async Task<(List<T> Items, bool HasMore)> AllAsync<TRow, T>(Func<string?, Task<(IReadOnlyList<TRow> Rows, string? Next)>> read, Func<TRow, T> pick)
    {
        var items = new List<T>();
        string? next = null;
        for (var page = 0; page < MaxPages; page++)
        {
            (var rows, next) = await read(next);
            items.AddRange(rows.Select(pick));
            if (next is null)
            {
                break;
            }
        }

        return (items, next is not null);
    }

    static void Write(StringBuilder text, string name, string help, string label, IEnumerable<(string Value, int Count)> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var (value, count) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{PrometheusMeters.Escape(value)}\"}} {count}\n");
        }
    }

    static void Write(StringBuilder text, string name, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
}
