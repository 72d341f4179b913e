using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public class ReplayTests
{
    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task Wiped_tables_come_back_from_the_event_log_to_the_byte()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        await StoryAsync(app, desk);
        var lastEvent = app.Clock.GetUtcNow();
        await app.SettleAsync();
        var before = await desk.GetStringAsync("/api/v1/jobs");
        var runs = await desk.GetStringAsync("/api/v1/jobs/report/runs");

        foreach (var table in Tables.All)
        {
            foreach (var row in app.Tables.Rows(table))
            {
                await app.Tables.WriteAsync(table, [TableWrite.Delete(row.PartitionKey, row.RowKey)], default);
            }
        }

        (await NewLifeAsync(app, lastEvent, async fresh =>
        {
            (await fresh.Services.GetRequiredService<BlobClient>().ListAsync(EventLog.Container, "", default).ToListAsync()).ShouldNotBeEmpty();
            var done = await Replaying.RunAsync(app, app.Tables, app.Services.GetRequiredService<BlobClient>(), lastEvent.AddDays(-2), lastEvent);
            done.LastEventAt.ShouldBe(lastEvent);
            done.Repeats.ShouldBe(1);
            var again = fresh.WithKey(desk.DefaultRequestHeaders.Authorization!.Parameter!);
            (await again.GetStringAsync("/api/v1/jobs")).ShouldBe(before);
            (await again.GetStringAsync("/api/v1/jobs/report/runs")).ShouldBe(runs);
            return true;
        })).ShouldBeTrue();
    }

    /// <summary>Two days of good runs, a failure, a hang, a silence, a changed and a deleted job, and a message that came twice.</summary>
    static async Task StoryAsync(TestApp app, HttpClient desk)
    {
        await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Report", schedule = new { period = "01:00:00", grace = "00:10:00" } });
        await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Silent", schedule = new { cron = "0 * * * *", timeZone = "Europe/Berlin", grace = "00:10:00" } });
        await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Gone" });
        for (var hour = 0; hour < 30; hour++)
        {
            await SendAsync(new { job = "report", kind = "start", runId = $"r{hour}", host = "web01" });
            await app.AdvanceAsync(TimeSpan.FromMinutes(7));
            await SendAsync(new { job = "report", kind = hour % 7 == 3 ? "fail" : "success", runId = $"r{hour}", exitStatus = hour % 7 == 3 ? 2 : 0 });
            if (hour is < 5 or > 20)
            {
                await SendAsync(new { job = "silent", kind = "success" });
            }

            await app.AdvanceAsync(TimeSpan.FromMinutes(hour == 12 ? 113 : 53));
        }

        await desk.PatchAsJsonAsync("/api/v1/jobs/silent", new { severity = "warning", schedule = new { period = "00:20:00", grace = "00:05:00" } });
        await desk.DeleteAsync("/api/v1/jobs/gone");
        var message = (await desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = "report", kind = "start", runId = "open" } })).EnsureSuccessStatusCode();
        await app.Queues.SendAsync(Inbox.Queue, app.Queues.Waiting(Inbox.Queue)[^1].Body, "twice", default);
        message.Dispose();

        async Task SendAsync(object e)
        {
            (await desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { e })).EnsureSuccessStatusCode();
            await app.SettleAsync();
        }
    }

    /// <summary>A desk on the same stores and with the clock at an instant.</summary>
    static async Task<T> NewLifeAsync<T>(TestApp app, DateTimeOffset now, Func<TestApp, Task<T>> use)
    {
        await using var fresh = await TestApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ITables>(app.Tables);
                builder.Services.AddSingleton(app.Services.GetRequiredService<BlobClient>());
            },
            now.ToString("O"));
        return await use(fresh);
    }
}
