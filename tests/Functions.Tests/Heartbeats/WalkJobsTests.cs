using System.Net.Http.Json;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Watchdesk.Tests.Heartbeats;

public class WalkJobsTests
{
    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task A_job_whose_index_row_was_lost_is_found_within_a_day_and_watched_again()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        var job = await (await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup", schedule = new { period = "2.00:00:00", grace = "00:02:00" } })).Content.ReadFromJsonAsync<JsonElement>();
        var id = job.GetProperty("id").GetString()!;
        await desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = id, kind = "success" } });
        await app.SettleAsync();
        foreach (var row in app.Tables.Rows(Tables.Due).Where(row => row.RowKey.Contains("~job~")))
        {
            await app.Tables.WriteAsync(Tables.Due, [TableWrite.Delete(row.PartitionKey, row.RowKey)], default);
        }

        for (var hour = 0; hour < 3; hour++)
        {
            await app.AdvanceAsync(TimeSpan.FromHours(1));
        }

        var state = await app.Services.GetRequiredService<JobRows>().ReadAsync("main", id, default);
        app.Tables.Rows(Tables.Due).ShouldContain(row => row.RowKey == $"{state!.State.IndexedAt:D15}~job~main~{id}");
    }

    [Fact]
    public async Task Markers_of_messages_go_after_two_days()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup", schedule = new { period = "10.00:00:00" } });
        await desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = "backup", kind = "success" } });
        await app.SettleAsync();
        Markers().ShouldBe(1);

        await app.AdvanceAsync(TimeSpan.FromHours(47));
        Markers().ShouldBe(1);
        await app.AdvanceAsync(TimeSpan.FromHours(3));
        Markers().ShouldBe(0);

        int Markers() => app.Tables.Rows(Tables.JobState).Count(row => row.RowKey.StartsWith("m~", StringComparison.Ordinal));
    }
}
