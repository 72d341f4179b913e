using System.Net;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public sealed class FlappingTests
{
    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task A_job_that_flaps_and_was_completed_by_hand_opens_again_when_it_fails()
    {
        await using var app = await TestApp.StartAsync();
        using var desk = await app.SignedInAsync();
        await SendAsync("POST", "/api/v1/jobs", """{"name":"billing","severity":"critical"}""", HttpStatusCode.Created);
        for (var run = 0; run < 10; run++)
        {
            await RunAsync(run % 2 == 0 ? "fail" : "success");
        }

        var open = (await Api.SendAsync(desk, "GET", "/api/v1/incidents")).Body.GetProperty("items")[0];
        open.GetProperty("severity").GetString().ShouldBe("warning", "it is good just now, and flaps");
        await SendAsync("POST", $"/api/v1/incidents/{open.GetProperty("id").GetString()}/resolve", """{"reason":"wrong click"}""", HttpStatusCode.OK);

        await RunAsync("fail");

        var again = (await Api.SendAsync(desk, "GET", "/api/v1/incidents")).Body.GetProperty("items")[0];
        again.GetProperty("severity").GetString().ShouldBe("critical");
        again.GetProperty("id").GetString().ShouldNotBe(open.GetProperty("id").GetString());

        await RunAsync("success");
        await SendAsync("POST", "/api/v1/jobs/billing/pause", "", HttpStatusCode.OK);
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await Api.SendAsync(desk, "GET", "/api/v1/incidents?state=open")).Body.GetProperty("items").GetArrayLength().ShouldBe(0, "a paused job is nobody's trouble");

        async Task RunAsync(string kind)
        {
            await SendAsync("POST", "/api/v1/heartbeats", $$"""[{"job":"billing","kind":"{{kind}}"}]""", HttpStatusCode.Accepted);
            await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        async Task SendAsync(string method, string path, string body, HttpStatusCode status) => (await Api.SendAsync(desk, method, path, body)).Status.ShouldBe(status);
    }
}
