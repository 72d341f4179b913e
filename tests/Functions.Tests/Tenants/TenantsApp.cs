using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

/// <summary>The room Tenants alone over an in-memory server, with one address per kind of requirement.</summary>
sealed class TenantsApp : IAsyncDisposable
{
    public const string AdminPassword = "correct horse";

    /// <summary>A derivation costs 0.1 s of a core: each password is hashed once for all tests.</summary>
    static readonly ConcurrentDictionary<string, string> Hashes = new(StringComparer.Ordinal);

    readonly WebApplication _app;

    TenantsApp(WebApplication app, MemoryTables tables, ManualClock clock)
    {
        _app = app;
        Tables = tables;
        Clock = clock;
        Client = app.GetTestServer().CreateClient();
    }

    public MemoryTables Tables { get; }

    public ManualClock Clock { get; }

    public HttpClient Client { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<TenantsApp> StartAsync(params (string Key, string Value)[] settings)
    {
        var (tables, clock) = (new MemoryTables(), ManualClock.At("2026-03-01T09:00:00Z"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddOptions<DeskOptions>().BindConfiguration("Watchdesk");
        builder.Services.AddSingleton<ITables>(tables);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddTenants();
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        var app = builder.Build();
        app.MapTenants();
        Map(app);
        await app.StartAsync();
        var desk = new TenantsApp(app, tables, clock);
        await desk.Get<TenantStore>().CreateAsync(new Tenant(Tenant.Main, "Main", desk.Now, []), default);
        await desk.AddUserAsync(FirstAdmin.Login, Role.Admin, AdminPassword);
        tables.ResetCounts();
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
