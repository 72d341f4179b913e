using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tenants;
using Watchdesk.Tenants.Audit;

namespace Watchdesk.Tests.Support;

/// <summary>
/// The whole desk over a test server: the same rooms, middleware and envelope endpoints, with tables, queues and blobs in memory
/// and a clock that moves only when told. The tenant main exists. Nothing happens by itself: <see cref="TickAsync"/> and <see cref="SettleAsync"/> make it.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    readonly WebApplication app;

    TestApp(WebApplication app, ManualClock clock, MemoryTables tables, MemoryQueues queues, MemoryBlobs blobs)
    {
        this.app = app;
        Clock = clock;
        Tables = tables;
        Queues = queues;
        Blobs = blobs;
        Functions = FunctionFolders.Read(AppContext.BaseDirectory, name => name == "TickSchedule" ? "*/10 * * * * *" : null);
    }

    public ManualClock Clock { get; }

    public MemoryTables Tables { get; }

    public MemoryQueues Queues { get; }

    public MemoryBlobs Blobs { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>What the function.json files declare.</summary>
    public IReadOnlyList<FunctionDefinition> Functions { get; }

    /// <param name="adjust">Replaces further services, after all rooms have added theirs.</param>
    /// <param name="map">Maps endpoints of the test's own.</param>
    public static async Task<TestApp> StartAsync(Action<WebApplicationBuilder>? adjust = null, string now = "2026-11-20T08:00:00Z", Action<WebApplication>? map = null)
    {
        var clock = ManualClock.At(now);
        var tables = new MemoryTables();
        var queues = new MemoryQueues(clock);
        var blobs = new MemoryBlobs();
        var start = new DeskStart(new CommandLine(), IsHandler: true, IPAddress.Loopback, 1, AppContext.BaseDirectory);
        var desk = Desk.Build(start, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton<ITables>(tables);
            builder.Services.AddSingleton<IMessageSender>(queues);
            builder.Services.AddSingleton(new Patience(TimeSpan.Zero));
            builder.Services.AddSingleton(blobs.Client());
            builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
            builder.Services.PostConfigure<JsonOptions>(WithoutReflection);
            // What a test counts are the calls of what it does; who reads the audit writes it first.
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(AuditWriter)));
            adjust?.Invoke(builder);
        });
        map?.Invoke(desk);
        await desk.StartAsync();
        await desk.Services.GetRequiredService<TenantStore>().CreateAsync(new Tenant(Tenant.Main, "Main", clock.GetUtcNow(), []), default);
        tables.ResetCounts();
        return new TestApp(desk, clock, tables, queues, blobs);
    }

    /// <summary>A client without any credential.</summary>
    public HttpClient Anonymous() => app.GetTestClient();

    /// <summary>A client with a new key of the tenant main.</summary>
    public async Task<HttpClient> SignedInAsync(Role role = Role.Admin, Scopes scopes = Scopes.All) =>
        WithKey((await Services.GetRequiredService<ApiKeys>().CreateAsync(Tenant.Main, "test", role, scopes, "test", Clock.GetUtcNow(), default)).Text);

    /// <summary>A client with this bearer key.</summary>
    public HttpClient WithKey(string key)
    {
        var client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Invokes the function Tick as its timer does.</summary>
    public async Task TickAsync()
    {
        var tick = Functions.Single(function => function.Name == "Tick");
        var (status, _, _) = await Services.GetRequiredService<InMemoryPipeline>().InvokeAsync("Tick", Envelopes.Timer(tick, isPastDue: false, status: null, Clock.GetUtcNow()), "test", default);
        status.ShouldBe(200, "Tick");
    }

    /// <summary>Moves the clock, ticks, and delivers what the tick has sent.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await TickAsync();
        await SettleAsync();
    }

    /// <summary>Delivers every message that waits, and those that this sends.</summary>
    public Task SettleAsync() => Queues.DeliverAllAsync(this);

    /// <summary>As in the product: a type that no source-generated context knows must fail here, and not only when published.</summary>
    static void WithoutReflection(JsonOptions json)
    {
        var chain = json.SerializerOptions.TypeInfoResolverChain;
        foreach (var reflection in chain.Where(resolver => resolver.GetType() == typeof(DefaultJsonTypeInfoResolver)).ToList())
        {
            chain.Remove(reflection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
