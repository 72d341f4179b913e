using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Client;

/// <summary>The sample on Quartz 4, as its own process, told to misbehave over HTTP.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S0-6")]
public sealed class SampleSchedulerTests : IAsyncLifetime
{
    readonly DeskDouble _desk = new();
    readonly HttpClient _http = new();
    WebApplication _front = null!;
    ChildProcess _sample = null!;

    public async Task InitializeAsync()
    {
        var program = Repository.At($"tests/SampleScheduler/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/SampleScheduler.dll");
        File.Exists(program).ShouldBeTrue($"{program} is missing: dotnet build tests/SampleScheduler");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _front = builder.Build();
        var relay = new HttpMessageInvoker(_desk);
        _front.MapPost("/api/v1/heartbeats", async (HttpContext context) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://desk/") { Content = new StreamContent(context.Request.Body) };
            context.Response.StatusCode = (int)(await relay.SendAsync(request, context.RequestAborted)).StatusCode;
        });
        await _front.StartAsync();
        _sample = ChildProcess.Start(
            "dotnet", [program, "--port", "0", "--job", "send-notifications=2", "--job", "nightly-backup=3"],
            new Dictionary<string, string> { ["WATCHDESK_URL"] = _front.Urls.Single(), ["WATCHDESK_KEY"] = "wd_k12345" });
        var ready = await _sample.LineAsync("is ready at", TimeSpan.FromSeconds(60));
        _http.BaseAddress = new Uri(ready.Split(' ').First(word => word.StartsWith("http:")).TrimEnd(','));
    }

    public async Task DisposeAsync()
    {
        await _sample.DisposeAsync();
        await _front.DisposeAsync();
    }

    [Fact]
    public async Task Its_two_jobs_run_and_hang_fail_and_misfire_when_told()
    {
        await _desk.EventAsync(e => e.Text("job") == "send-notifications" && e.Text("kind") == "success");
        await _desk.EventAsync(e => e.Text("job") == "nightly-backup" && e.Text("kind") == "success");

        await TellAsync("send-notifications", "misfire");
        await _desk.EventAsync(e => e.Text("kind") == "misfire" && e.Text("job") == "send-notifications");

        await TellAsync("nightly-backup", "fail");
        var fail = await _desk.EventAsync(e => e.Text("kind") == "fail");
        fail.Text("message").ShouldBe("InvalidOperationException: nightly-backup was told to fail.");

        await TellAsync("nightly-backup", "hang");
        await RunningAsync("nightly-backup");
        var hung = _desk.Events.Count(e => e.Text("job") == "nightly-backup" && e.Text("kind") == "start");
        await _desk.EventAsync(_ => _desk.Events.Count(e => e.Text("job") == "send-notifications" && e.Text("kind") == "success") > 4, 40);
        _desk.Events.Count(e => e.Text("job") == "nightly-backup" && e.Text("kind") == "start").ShouldBeInRange(hung, hung + 1);

        await TellAsync("nightly-backup", "ok");
        var last = _desk.Events.Last(e => e.Text("job") == "nightly-backup" && e.Text("kind") == "start");
        await _desk.EventAsync(e => e.Text("kind") == "success" && e.Text("runId") == last.Text("runId"));
    }

    [Fact]
    public async Task A_run_that_its_end_cuts_off_is_told_before_it_ends_well()
    {
        await TellAsync("nightly-backup", "hang");
        await RunningAsync("nightly-backup");

        (await _sample.StopAsync()).ShouldBe(0, _sample.Output);
        _desk.Events.ShouldContain(e => e.Text("kind") == "fail" && e.Text("message")!.StartsWith("The scheduler was shut down"));
    }

    [Theory]
    [InlineData("nobody/hang", 404)]
    [InlineData("nightly-backup/dance", 400)]
    [InlineData("nightly-backup/1", 400)]
    public async Task An_order_that_it_does_not_know_is_refused(string order, int status) =>
        ((int)(await _http.PostAsync($"/jobs/{order}", null)).StatusCode).ShouldBe(status);

    async Task TellAsync(string job, string mode) => ((int)(await _http.PostAsync($"/jobs/{job}/{mode}", null)).StatusCode).ShouldBe(202);

    /// <summary>Waits until the job hangs: its switch is at hang and a run is open.</summary>
    async Task RunningAsync(string job)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var jobs = await _http.GetFromJsonAsync<JsonElement>("/jobs", tooLong.Token);
            if (jobs.EnumerateArray().Single(j => j.Text("name") == job).GetProperty("runningSince").ValueKind == JsonValueKind.String)
            {
                return;
            }

            await Task.Delay(100, tooLong.Token);
        }
    }
}
