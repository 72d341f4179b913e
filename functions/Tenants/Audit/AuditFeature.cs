using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.Audit;

/// <summary>
/// Keeps every request and its answer, but for pings (the event log has each), invocations by the Functions host, and what
/// nobody asks all the time: its readiness probe, <c>/health</c> and assets.
/// </summary>
public static class AuditFeature
{
    const int MaxPath = 500;

    /// <summary>Closed its connection before the answer: nginx' number for it.</summary>
    const int ClientClosed = 499;

    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<AuditStore>());
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditDesk>();
        services.AddHostedService<AuditWriter>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(AuditJson.Default));
    }

    /// <summary>First of all, so that what it sees is the answer, errors included.</summary>
    public static void UseAudit(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.Services;
        var (trail, clock, address) = (services.GetRequiredService<AuditTrail>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ClientAddress>());
        app.Use(next => context => context.Request.Path.StartsWithSegments("/ping", StringComparison.OrdinalIgnoreCase) ? next(context) : KeepAsync(context, next, trail, clock, address));
    }

    /// <summary>After sign-in: the work begins here.</summary>
    public static void UseAuditOfWork(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(next => context =>
        {
            context.Features.Get<Work>()?.BeganAt = clock.GetTimestamp();
            return next(context);
        });
    }

    static async Task KeepAsync(HttpContext context, RequestDelegate next, AuditTrail trail, TimeProvider clock, ClientAddress address)
    {
        var (at, began, work) = (clock.GetUtcNow(), clock.GetTimestamp(), new Work());
        context.Features.Set(work);
        await next(context);
        var (caller, endpoint) = (context.CallerOrNull(), context.GetEndpoint());
        if (IsOfHost(context, endpoint) || (caller is null && IsProbe(context.Request.Path)))
        {
            return;
        }

        var path = caller is null ? null : context.Request.Path.Value ?? "";
        trail.Add(new AuditEntry(
            caller?.Tenant ?? Tenant.Main,
            Keys.NewId(at),
            at,
            caller?.Name ?? "",
            caller?.Id ?? "",
            context.Request.Method.Length <= 10 ? context.Request.Method : context.Request.Method[..10],
            (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route ? "/" + route.Trim('/') : "(no route)",
            path is { Length: > MaxPath } ? path[..MaxPath] : path,
            context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? ClientClosed : context.Response.StatusCode,
            clock.GetElapsedTime(began),
            work.BeganAt == 0 ? TimeSpan.Zero : clock.GetElapsedTime(work.BeganAt),
            context.TraceIdentifier,
            address.Of(context)));
    }

    static bool IsOfHost(HttpContext context, Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<TriggerEndpoint>() is not null && context.Response.StatusCode != StatusCodes.Status404NotFound;

    static bool IsProbe(PathString path) => path == "/" || path == "/health" || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    sealed class Work
    {
        public long BeganAt { get; set; }
    }
}
