using System.Text;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Embedded.Orchestrations;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>What goes to the extension's HTTP API, and what does not.</summary>
public sealed class StartWorkTests : IAsyncLifetime
{
    const string Base = "https://desk.example.org/runtime/webhooks/durabletask";
    const string Key = "secret+key==";
    const string Running = """{"name":"RunOrder","instanceId":"main:1","runtimeStatus":"Running","lastUpdatedTime":"2026-11-20T08:00:00Z"}""";

    readonly FakeHttp http = new();
    TestApp app = null!;

    public async Task InitializeAsync()
    {
        app = await TestApp.StartAsync(builder => builder.Services.AddSingleton(provider => new StartWork(
            provider.GetRequiredService<StartedRuns>(), provider.GetRequiredService<Supervisor>(), provider.GetRequiredService<DeadLetters>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<StartWork>>(), new HttpClientTransport(http))));
        app.Queues.Client = DurableEnvelopes.Client("watchdesk", "https://desk.example.org", Key);
    }

    public async Task DisposeAsync()
    {
        http.Verify();
        http.Sent.ShouldAllBe(call => call.Url.Query.Contains("code", StringComparison.Ordinal) == false);
        await app.DisposeAsync();
    }

    OrchestrationClient Client => app.Services.GetRequiredService<OrchestrationClient>();

    [Fact]
    public async Task Start_asks_first_and_sends_the_input_with_its_version()
    {
        http.Answer("GET", Base + "/instances/main%3A1?showInput=false", 404).Answer("POST", Base + "/orchestrators/PackOrder/main%3A1", 202, "{}");

        await Client.StartAsync("main:1", SampleOrders.PackOrder, new Order(3), default);
        await app.SettleAsync();

        Encoding.UTF8.GetString(http.Sent[1].Body).ShouldBe("""{"env":{"version":2,"value":{"items":3}}}""");
        http.Sent[1].Headers["x-functions-key"].ShouldBe(Key);
    }

    [Theory]
    [InlineData(202, Running)]
    [InlineData(200, """{"name":"RunOrder","runtimeStatus":"Completed","lastUpdatedTime":"2026-11-20T08:00:00Z"}""")]
    public async Task An_id_that_is_known_is_success(int status, string body)
    {
        http.Answer("GET", Base + "/instances/main%3A1?showInput=false", status, body);

        await Client.StartAsync("main:1", SampleOrders.PackOrder, new Order(3), default);
        await app.SettleAsync();
    }

    [Theory]
    [InlineData(202)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Raise_finds_the_instance_or_nobody(int status)
    {
        http.Answer("POST", Base + "/instances/main%3A1/raiseEvent/Approved", status);

        await Client.RaiseAsync("main:1", SampleOrders.Approved, "Ada", default);
        await app.SettleAsync();

        Encoding.UTF8.GetString(http.Sent[0].Body).ShouldBe("\"Ada\"");
    }

    [Fact]
    public async Task What_it_says_why_travels_escaped()
    {
        http.Answer("POST", Base + "/instances/main%3A1/terminate?reason=a%20%26%20b", 202)
            .Answer("POST", Base + "/instances/main%3A1/suspend?reason=", 202)
            .Answer("POST", Base + "/instances/main%3A1/resume?reason=go", 202);

        await Client.TerminateAsync("main:1", "a & b", default);
        await Client.SuspendAsync("main:1", "", default);
        await Client.ResumeAsync("main:1", "go", default);
        await app.SettleAsync();
    }

    [Theory]
    [InlineData("""{"envelope":{"v":1,"kind":"other","tenant":"main","items":[]}}""")]
    [InlineData("""{"envelope":{"v":1,"kind":"durable","tenant":"main","items":[{"do":"explode","id":"main:1"}]}}""")]
    [InlineData("""{"envelope":{"v":1,"kind":"durable","tenant":"main","items":[{"do":"start","id":"a/b","name":"X","data":"1"}]}}""")]
    [InlineData("nonsense")]
    public async Task What_cannot_be_done_is_set_aside(string body)
    {
        await app.Queues.SendTextAsync("work", body);
        await app.SettleAsync();

        app.Tables.Rows(Tables.DeadLetters).ShouldHaveSingleItem().Text("Queue").ShouldBe("work");
    }

    [Fact]
    public async Task A_bad_moment_delivers_the_message_again()
    {
        for (var tries = 0; tries < 4; tries++)
        {
            http.Answer("POST", Base + "/instances/main%3A1/resume?reason=go", 503);
        }

        await Client.ResumeAsync("main:1", "go", default);

        (await app.Queues.DeliverAsync(app, "work")).Status.ShouldBe(500);
        app.Queues.Waiting("work").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("main:1",    "main:1-r1")]
    [InlineData("main:1-r1", "main:1-r2")]
    [InlineData("main:1-r3", null)]
    [InlineData("main:a-rx", "main:a-rx-r1")]
    public void A_restart_counts_on(string id, string? next) => Supervisor.NextId(id).ShouldBe(next);
}
