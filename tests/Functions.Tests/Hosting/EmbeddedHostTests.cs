using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

/// <summary>Timers and queue triggers of the embedded host against Azurite, with functions of the test's own.</summary>
[Trait("Size", "Large")]
[Collection("Azurite")]
public sealed class EmbeddedHostTests(AzuriteFixture azurite) : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly string root = Directory.CreateTempSubdirectory("watchdesk-embedded").FullName;
    readonly string queue = "q" + Guid.NewGuid().ToString("N");
    readonly ConcurrentQueue<QueueMessage> seen = new();
    readonly SemaphoreSlim arrived = new(0);
    Func<IReadOnlyList<QueueMessage>, CancellationToken, Task> take = (_, _) => Task.CompletedTask;
    WebApplication? app;

    public async Task InitializeAsync()
    {
        Write("Take", $$"""{"type":"serviceBusTrigger","direction":"in","name":"msgs","dataType":"string","cardinality":"many","queueName":"{{queue}}","connection":"ServiceBus"}""");
        Write("Tock", """{"type":"timerTrigger","direction":"in","name":"tock","schedule":"* * * * * *"}""");
        await File.WriteAllTextAsync(Path.Combine(root, "host.json"), """{"version":"2.0","extensions":{"queues":{"batchSize":32,"visibilityTimeout":"00:00:01","maxDequeueCount":3}}}""");
    }

    public async Task DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Messages_arrive_once_and_are_gone()
    {
        await StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await Queues.SendAsync(queue, Encoding.UTF8.GetBytes($$"""{"n":{{i}}}"""), $"{i}", default);
        }

        await WaitForAsync(50);

        seen.Select(message => message.Body).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 50).Select(i => $$"""{"n":{{i}}}""").Order(StringComparer.Ordinal));
        seen.ShouldAllBe(message => message.DeliveryCount == 1 && message.MessageId.Length > 0);
        await app!.StopAsync();
        (await Queues.CountAsync(queue, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Failed_message_comes_again_with_a_higher_count_and_ends_in_the_poison_queue()
    {
        take = (_, _) => throw new InvalidOperationException("storage is away");
        await StartAsync();
        await Queues.SendAsync(queue, "{}"u8.ToArray(), "1", default);

        await WaitForAsync(3);
        await app!.StopAsync();

        seen.Select(message => message.DeliveryCount).ShouldBe([1, 2, 3]);
        (await Queues.CountAsync(queue, default)).ShouldBe(0);
        (await Queues.CountAsync(queue + "-poison", default)).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_lets_what_runs_finish()
    {
        var entered = new TaskCompletionSource();
        var finished = false;
        take = async (_, _) =>
        {
            entered.SetResult();
            await Task.Delay(500, CancellationToken.None);
            finished = true;
        };
        await StartAsync();
        await Queues.SendAsync(queue, "{}"u8.ToArray(), "1", default);
        await entered.Task.WaitAsync(Limit);

        await app!.StopAsync();

        finished.ShouldBeTrue();
        (await Queues.CountAsync(queue, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Chaos_delivers_twice()
    {
        await StartAsync(new Chaos(() => true, TimeSpan.Zero));
        await Queues.SendAsync(queue, "{}"u8.ToArray(), "1", default);

        await WaitForAsync(2);

        seen.Select(message => message.MessageId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Timer_ticks()
    {
        await StartAsync();
        await arrived.WaitAsync(Limit);
        await arrived.WaitAsync(Limit);
    }

    [Fact]
    public async Task Function_without_endpoint_stops_the_start()
    {
        Write("Nobody", """{"type":"timerTrigger","direction":"in","name":"t","schedule":"* * * * * *"}""");
        (await Should.ThrowAsync<FunctionDefinitionException>(() => StartAsync())).Message.ShouldContain("Nobody");
    }

    StorageQueueClient Queues => app!.Services.GetRequiredService<StorageQueueClient>();

    void Write(string name, string binding)
    {
        Directory.CreateDirectory(Path.Combine(root, name));
        File.WriteAllText(Path.Combine(root, name, "function.json"), $$"""{"bindings":[{{binding}}]}""");
    }

    async Task StartAsync(Chaos? chaos = null)
    {
        var start = new DeskStart(new CommandLine(), IsHandler: false, IPAddress.Loopback, 0, root);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration["AzureWebJobsStorage"] = azurite.Azurite.ConnectionString;
        builder.AddHosting(start);
        builder.AddClients();
        builder.AddSchedules();
        builder.AddEmbeddedHost(start, _ => (_, _) => Task.FromResult<string?>(null));
        builder.Services.AddSingleton(chaos ?? Chaos.None);
        app = builder.Build();
        app.MapHosting();
        app.MapTrigger("Take", async (invocation, token) =>
        {
            var messages = QueueMessage.ReadAll(invocation, "msgs");
            foreach (var message in messages)
            {
                seen.Enqueue(message);
            }

            await take(messages, token);
        });
        app.MapTrigger("Tock", (_, _) => Task.FromResult(arrived.Release()), TriggerRoutes.TimerDeadline);
        await app.StartAsync();
    }

    async Task WaitForAsync(int messages)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (seen.Count < messages)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
