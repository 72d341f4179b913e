using System.Text.Json;
using Watchdesk.Tests.Client;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

/// <summary><c>--demo</c> as somebody tries it.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S0-6")]
public sealed class DemoTests
{
    [Fact]
    public async Task The_jobs_of_the_sample_scheduler_are_there_within_a_minute_and_it_ends_with_the_desk()
    {
        var data = Directory.CreateTempSubdirectory("watchdesk-demo-");
        try
        {
            await using var desk = await DeskProcess.StartAsync(data.FullName, ChildProcess.FreePort(), "--demo");
            using var http = desk.Client();
            using var minute = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await GoodJobsAsync(http, minute.Token) < 2)
            {
                await Task.Delay(500, minute.Token);
            }

            var hint = await desk.Process.LineAsync("curl -X POST", TimeSpan.FromSeconds(60));
            var scheduler = new Uri(hint.Split(' ').First(word => word.StartsWith("http:", StringComparison.Ordinal)));
            using var outside = new HttpClient();
            (await outside.GetStringAsync(new Uri(scheduler, "/jobs"))).ShouldContain("nightly-backup");

            (await desk.Process.StopAsync()).ShouldBe(0, desk.Process.Output);
            await Should.ThrowAsync<HttpRequestException>(() => outside.GetStringAsync(new Uri(scheduler, "/jobs")));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    static async Task<int> GoodJobsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var jobs = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/jobs", UriKind.Relative), cancellationToken));
        return jobs.RootElement.GetProperty("items").EnumerateArray().Count(job => job.Text("status") == "GOOD" && job.Text("lastSuccessAt") is not null);
    }
}
