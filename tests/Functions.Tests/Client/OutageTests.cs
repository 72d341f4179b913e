using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

/// <summary>The client while the desk is away, over the double and over a real socket.</summary>
[Trait("Size", "Large")]
[Collection(nameof(OutageTests))]
public sealed class OutageTests
{
    [Fact]
    [Trait("Demand", "S0-5")]
    public async Task A_million_events_during_an_outage_take_bounded_memory_and_the_runs_survive()
    {
        var desk = new DeskDouble();
        var clock = new PausingClock();
        desk.ThenBreak();
        await using var client = new HeartbeatClient(
            new HeartbeatOptions { Url = "http://127.0.0.1:8123", Key = "wd_k12345", MaxEvents = 5_000, MaxBytes = 1_000_000, SendInterval = TimeSpan.Zero, Clock = clock.Clock }, null, desk);
        client.Send(new RunEvent("first", RunEventKind.Log));
        var outage = await clock.NextAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var n = 0; n < 1_000_000; n++)
        {
            client.Send(n % 1_000 == 0 ? new RunEvent("nightly", RunEventKind.Start) { RunId = $"{n}" } : new RunEvent("nightly", RunEventKind.Log) { Message = $"line {n}" });
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(5_000_000);
        client.Waiting.ShouldBeLessThanOrEqualTo(5_000);
        client.WaitingBytes.ShouldBeLessThanOrEqualTo(1_000_000);
        (client.Waiting + client.Dropped).ShouldBe(1_000_001);

        outage.End();
        await client.StopAsync();
        var runs = desk.Events.Where(e => e.Text("kind") == "start").Select(e => e.Text("runId")!).ToList();
        runs.ShouldBe(Enumerable.Range(0, 1_000).Select(n => $"{n * 1_000}"));
        desk.Requests.Skip(1).Sum(request => long.Parse(request.Header("Watchdesk-Dropped") ?? "0")).ShouldBe(client.Dropped);
    }

    [Fact]
    public async Task A_real_desk_that_is_busy_and_then_away_gets_every_event_once()
    {
        var answers = 0;
        var lines = new List<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost("/api/v1/heartbeats", async (HttpContext context) =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            switch (answers++)
            {
                case 0:
                    context.Response.Headers.RetryAfter = "1";
                    context.Response.StatusCode = 503;
                    return;
                case 1:
                    context.Abort();
                    return;
                default:
                    lines.AddRange(body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                    context.Response.StatusCode = 202;
                    return;
            }
        });
        await app.StartAsync();

        await using var client = new HeartbeatClient(new HeartbeatOptions { Url = app.Urls.Single(), Key = "wd_k12345" });
        for (var n = 0; n < 2_500; n++)
        {
            client.Send(new RunEvent("nightly", RunEventKind.Start) { RunId = $"{n}" });
        }

        (await client.FlushAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
        lines.Count.ShouldBe(2_500);
        lines.Distinct().Count().ShouldBe(2_500);
        client.Sent.ShouldBe(2_500);
    }
}

/// <summary>It measures the memory of the process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(OutageTests), DisableParallelization = true)]
public sealed class OutageTestsAlone;
