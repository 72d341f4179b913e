using System.Net;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Contracts;

/// <summary>Messages in every shape of the contract's section 4, from the acknowledged request to the counted run.</summary>
[Trait("Size", "Large")]
[Collection(PublishedApp.Collection)]
public sealed class InboxConformanceTests(PublishedApp published) : IAsyncLifetime
{
    readonly string slug = "job-" + Guid.NewGuid().ToString("N")[..8];
    StorageServices storage = null!;
    PlayedHost host = null!;
    string key = "";

    public async Task InitializeAsync()
    {
        var azurite = await published.StorageAsync();
        storage = new StorageServices(() => StorageAccount.Parse(azurite.ConnectionString), TimeProvider.System);
        var tables = new AzureTables(storage.Tables());
        foreach (var table in Tables.All)
        {
            await tables.CreateTableAsync(table, default);
        }

        key = (await new ApiKeys(tables, new EventLog(new BlobClient(storage.Blobs()), TimeProvider.System), TimeProvider.System).CreateAsync(Tenant.Main, "test", Role.Admin, Scopes.All, "test", DateTimeOffset.UtcNow, default)).Text;
        host = await PlayedHost.StartAsync(published.Root, ("AzureWebJobsStorage", azurite.ConnectionString));
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    public static TheoryData<string> Shapes => [.. Encoders.Keys];

    static Dictionary<string, Func<string, string>> Encoders { get; } = new(StringComparer.Ordinal)
    {
        ["service bus, many, as text"] = body => HostWire.ManyAsText(body),
        ["service bus, many, as JSON"] = body => HostWire.ManyAsJson(body),
        ["service bus, one, as text"] = HostWire.One,
        ["service bus, one, as an object"] = HostWire.OneAsObject,
        ["queue"] = body => HostWire.Queue(body),
        ["queue, its count a number"] = body => HostWire.Queue(body, "1"),
        ["metadata overwritten by the body"] = HostWire.Overwritten,
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Acknowledged_run_is_counted_once_however_often_and_in_whatever_shape_it_is_delivered(string shape)
    {
        var envelope = Encoders[shape](await AcceptedAsync("run-1"));

        for (var delivery = 0; delivery < 3; delivery++)
        {
            (await host.InvokeAsync("TakeInbox", envelope)).IsDone.ShouldBeTrue(host.Process.Output);
        }

        (await OccurrencesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Message_that_cannot_be_read_is_set_aside_and_does_not_fail_its_batch()
    {
        var good = await AcceptedAsync("run-1");
        var junk = "junk " + slug;

        (await host.InvokeAsync("TakeInbox", HostWire.ManyAsText(junk, good, "{\"envelope\":{}}"))).IsDone.ShouldBeTrue(host.Process.Output);

        (await OccurrencesAsync()).ShouldBe(1);
        var letters = await GetAsync("/api/v1/deadletters?limit=200");
        letters.GetRawText().ShouldContain("inbox");
    }

    [Fact]
    public async Task Batch_that_was_half_done_when_the_process_was_killed_is_counted_once()
    {
        var envelope = HostWire.ManyAsText(await AcceptedAsync("run-1"), await AcceptedAsync("run-2"));
        var underWay = host.InvokeAsync("TakeInbox", envelope);
        await host.Process.KillAsync();
        await underWay.ContinueWith(_ => { }, TaskScheduler.Default);
        await host.Process.DisposeAsync();
        await host.StartHandlerAsync();

        (await host.InvokeAsync("TakeInbox", envelope)).IsDone.ShouldBeTrue(host.Process.Output);

        (await OccurrencesAsync()).ShouldBe(2);
    }

    /// <summary>Sends a heartbeat as a public request; the body of the message that it became.</summary>
    async Task<string> AcceptedAsync(string run)
    {
        var queue = new StorageQueueClient(storage.Queues());
        using var content = new StringContent($$"""[{"job":"{{slug}}","runId":"{{run}}","kind":"success"}]""", Encoding.UTF8, "application/json");
        using var answer = await host.ProxyAsync(HttpMethod.Post, "/api/v1/heartbeats", content, ("Authorization", "Bearer " + key));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var message = (await queue.GetAsync("inbox", 32, TimeSpan.FromMinutes(5), default)).ShouldHaveSingleItem();
        (await queue.DeleteAsync("inbox", message, default)).ShouldBeTrue();
        return Encoding.UTF8.GetString(message.Body.Span);
    }

    async Task<int> OccurrencesAsync() => (await GetAsync("/api/v1/jobs/" + slug)).GetProperty("statistics").GetProperty("occurrences").GetInt32();

    async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await host.ProxyAsync(HttpMethod.Get, path, null, ("Authorization", "Bearer " + key));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }
}
