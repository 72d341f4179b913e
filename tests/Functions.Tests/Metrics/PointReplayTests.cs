using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Tests.Heartbeats;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

public sealed class PointReplayTests
{
    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task Metrics_come_back_from_the_event_log()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        for (var minute = 0; minute < 90; minute++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            (await desk.PostAsJsonAsync("/api/v1/metrics", Enumerable.Range(0, 5).Select(n => new { name = $"m{n % 2}", @namespace = "shop", value = minute * n, dimensions = new { host = $"h{n}" } }))).EnsureSuccessStatusCode();
            if (minute == 40)
            {
                await app.Queues.SendAsync(Inbox.Queue, app.Queues.Waiting(Inbox.Queue)[^1].Body, "twice", default);
            }

            await app.SettleAsync();
        }

        var query = "/api/v1/metrics?name=m1&namespace=shop&aggregate=P95&from=2026-11-20T07:00Z&to=2026-11-20T12:00Z&step=00:01:00";
        var before = await desk.GetStringAsync(query);
        foreach (var row in app.Tables.Rows(Tables.Metrics))
        {
            await app.Tables.WriteAsync(Tables.Metrics, [TableWrite.Delete(row.PartitionKey, row.RowKey)], default);
        }

        await using var fresh = await TestApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ITables>(app.Tables);
                builder.Services.AddSingleton(app.Services.GetRequiredService<BlobClient>());
            },
            app.Clock.GetUtcNow().ToString("O"));
        var done = await Replaying.RunAsync(app, app.Tables, app.Services.GetRequiredService<BlobClient>(), app.Clock.GetUtcNow().AddDays(-1), app.Clock.GetUtcNow());

        (done.Events, done.Repeats).ShouldBe((450, 5));
        (await fresh.WithKey(desk.DefaultRequestHeaders.Authorization!.Parameter!).GetStringAsync(query)).ShouldBe(before);
    }
}
