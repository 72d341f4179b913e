using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

/// <summary>The desk with an admin of a known password and one address per kind of requirement.</summary>
sealed class TenantsApp : IAsyncDisposable
{
    public const string AdminPassword = "correct horse";

    /// <summary>A derivation costs 0.1 s of a core: each password is hashed once for all tests.</summary>
    static readonly ConcurrentDictionary<string, string> Hashes = new(StringComparer.Ordinal);

    readonly TestApp _app;

    TenantsApp(TestApp app)
    {
        _app = app;
        Client = app.Anonymous();
    }

    public MemoryTables Tables => _app.Tables;

    public MemoryQueues Queues => _app.Queues;

    public ManualClock Clock => _app.Clock;

    public HttpClient Client { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<TenantsApp> StartAsync(bool entraByPlatform = false, bool entraBySetting = false, string firstAdmin = "")
    {
        var app = await TestApp.StartAsync(
            builder =>
            {
                builder.Configuration["WEBSITE_AUTH_ENABLED"] = entraByPlatform ? "True" : null;
                builder.Services.AddSingleton(Options.Create(new DeskOptions { EntraSignIn = entraBySetting, FirstAdmin = firstAdmin }));
            },
            map: Map);
        var desk = new TenantsApp(app);
        await desk.AddUserAsync(FirstAdmin.Login, Role.Admin, AdminPassword);
        app.Tables.ResetCounts();
        return desk;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<User> AddUserAsync(string login, Role role, string? password = null, string tenant = Tenant.Main)
    {
        var user = new User(tenant, Keys.NewId(Now), login, login, role, false, Now, password is null ? null : Hashes.GetOrAdd(password, Passwords.Hash));
        (await Get<UserStore>().CreateAsync(user, Now, default)).ShouldBeTrue();
        return user;
    }

    public async Task<string> KeyAsync(Role role, Scopes scopes) =>
        (await Get<ApiKeys>().CreateAsync(Tenant.Main, "test", role, scopes, "test", Now, default)).Text;

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? bearer = null, string? basic = null, string? cookie = null, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization =
            bearer is not null ? new AuthenticationHeaderValue("Bearer", bearer)
            : basic is not null ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)))
            : null;
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    static void Map(WebApplication app)
    {
        app.MapGet("/open", (HttpContext context) => context.CallerOrNull()?.Name ?? "nobody").AllowAnonymous();
        app.MapGet("/seeing", (HttpContext context) => context.CallerOrNull()?.Name ?? "nobody").AllowAnonymousSeeingCaller();
        app.MapGet("/forgotten", () => "reached");
        app.MapGet("/api/v1/read", (HttpContext context) => context.Caller().Name).Requires(Role.Reader);
        app.MapPost("/api/v1/write", (HttpContext context) => context.Caller().Name).Requires(Role.Responder);
        app.MapPost("/api/v1/rule", (HttpContext context) => context.Caller().Name).Requires(Role.Admin);
        app.MapPost("/api/v1/ping", (HttpContext context) => context.Caller().Tenant).RequiresScope(Scopes.Ping);
        app.MapGet("/api/v1.0/chat", (HttpContext context) => context.Caller().Name).Requires(Role.Reader);
        app.MapGet("/page", (HttpContext context) => context.Caller().Name).Requires(Role.Reader);
        app.MapGet("/token", (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken).Requires(Role.Reader);
    }
}
