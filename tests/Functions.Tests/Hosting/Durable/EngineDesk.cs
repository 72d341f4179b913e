using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Hosting.Embedded.Orchestrations;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>The desk with the embedded engine and the sample, over tables and queues in memory and a clock that is told.</summary>
sealed class EngineDesk : IAsyncDisposable
{
    EngineDesk(TestApp app) => App = app;

    public TestApp App { get; }

    /// <summary>Each run of the activity: its item and key.</summary>
    public List<(int Item, ActivityContext Context)> Packed { get; } = [];

    public OrchestrationClient Client => App.Services.GetRequiredService<OrchestrationClient>();

    public DurableEngine Engine => App.Services.GetRequiredService<DurableEngine>();

    public DurableStore Store => App.Services.GetRequiredService<DurableStore>();

    /// <param name="adjust">Replaces further services.</param>
    /// <param name="map">Maps orchestrations and activities of the test's own, beside <paramref name="own"/>.</param>
    /// <param name="own">Functions instead of the desk's of the same orchestration or activity.</param>
    public static async Task<EngineDesk> StartAsync(Chaos? chaos = null, Action<WebApplicationBuilder>? adjust = null, Action<WebApplication>? map = null, params (string Name, string Json)[] own)
    {
        EngineDesk? desk = null;
        WebApplication? built = null;
        var app = await TestApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(chaos ?? Chaos.None);
                builder.Services.AddSingleton<FunctionInvoker>();
                EmbeddedFeature.AddOrchestrations(builder.Services, provider => provider.GetRequiredService<IMessageSender>());
                builder.Services.AddSingleton(provider => new StartWork(
                    provider.GetRequiredService<StartedRuns>(), provider.GetRequiredService<Supervisor>(), provider.GetRequiredService<DeadLetters>(), provider.GetRequiredService<TimeProvider>(),
                    NullLogger<StartWork>.Instance, new HttpClientTransport(built!.GetTestClient())));
                adjust?.Invoke(builder);
            },
            map: application =>
            {
                built = application;
                application.MapEmbeddedHost();
                SampleOrders.Map(application, (context, item, _) => desk!.Pack(context, item));
                map?.Invoke(application);
            });
        var samples = SampleOrders.Functions.Append(("Nobody", """{"bindings":[{"type":"orchestrationTrigger","direction":"in","name":"context"}]}""")).Concat(own)
            .Select(function => FunctionFolders.ReadFunction(function.Item1, System.Text.Encoding.UTF8.GetBytes(function.Item2), _ => null)).ToList();
        app.Services.GetRequiredService<DurableFunctions>().Use([.. samples, .. app.Functions.Where(function => function.Trigger is OrchestrationTrigger or ActivityTrigger && samples.TrueForAll(sample => NameOf(sample) != NameOf(function)))]);
        app.Queues.Client = DurableEnvelopes.Client("watchdesk", "http://localhost", app.Services.GetRequiredService<DurableManagement>().Key);
        return desk = new EngineDesk(app);
    }

    /// <summary>Delivers work until there is none. A work item that fails comes again.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 10_000; round++)
        {
            await App.SettleAsync();
            if (App.Queues.Take(DurableMessage.Queue) is not { } message)
            {
                return;
            }

            await HandleAsync(message);
        }

        throw new InvalidOperationException("Work items keep coming.");
    }

    public async Task HandleAsync(BrokerMessage message)
    {
        var work = DurableMessage.Read(message.Body)!;
        if (!await Engine.HandleAsync(work, default))
        {
            throw new InvalidOperationException($"{work.Id} is leased by somebody else.");
        }
    }

    /// <summary>Time passes, the tick comes, and what it wakes is done.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        App.Clock.Advance(by);
        await App.TickAsync();
        await SettleAsync();
    }

    public async Task<DurableInstance> InstanceAsync(string id) => (await Store.FindAsync(id, default)).ShouldNotBeNull();

    public ValueTask DisposeAsync() => App.DisposeAsync();

    static string NameOf(FunctionDefinition function) => function.Trigger switch { OrchestrationTrigger trigger => trigger.Orchestration, ActivityTrigger trigger => trigger.Activity, _ => function.Name };

    Task<Parcel> Pack(ActivityContext context, int item)
    {
        Packed.Add((item, context));
        return item % 3 == 0 && context.Attempt == 1
            ? throw new ActivityException("OutOfPaper", "There is no paper.")
            : Task.FromResult(new Parcel(item, context.IdempotencyKey, $"{Packed.Count}"));
    }
}
