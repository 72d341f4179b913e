using System.Text;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Escalations;

/// <summary><c>/calendar/{secret}.ics</c>: who is on call, for a calendar that subscribes to it.</summary>
static class CalendarFeed
{
    static readonly TimeSpan Past = TimeSpan.FromDays(28);
    static readonly TimeSpan Ahead = TimeSpan.FromDays(26 * 7);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/calendar/{secret}", ShowAsync).AllowAnonymous().ExcludeFromDescription();

    static async Task<IResult> ShowAsync(HttpContext context, LinkPace pace, CalendarKeys keys, EscalationStore store, TenantStore tenants, UserStore users, TimeProvider clock, string secret)
    {
        const string Extension = ".ics";
        if (pace.Refusal(context) is { } refusal)
        {
            return refusal;
        }

        if (!secret.EndsWith(Extension, StringComparison.Ordinal) || await keys.FindAsync(secret[..^Extension.Length], context.RequestAborted) is not { } opened)
        {
            return TypedResults.NotFound();
        }

        var (now, names) = (clock.GetUtcNow(), new Dictionary<string, string>(StringComparer.Ordinal));
        var shifts = (await store.RotationAsync(opened.Tenant, context.RequestAborted)).Shifts(now - Past, now + Ahead);
        foreach (var id in shifts.Select(shift => shift.User).Distinct(StringComparer.Ordinal))
        {
            names[id] = (await users.GetAsync(opened.Tenant, id, context.RequestAborted))?.Name ?? "somebody who is gone";
        }

        var name = (await tenants.GetAsync(opened.Tenant, context.RequestAborted))?.Name ?? opened.Tenant;
        context.Response.Headers.CacheControl = "no-cache, max-age=300";
        return TypedResults.Text(OnCallCalendar.Of($"{name}: on call", shifts, id => names[id], now), "text/calendar", Encoding.UTF8);
    }
}
