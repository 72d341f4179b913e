using System.Net;
using System.Text;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

/// <summary>Jobs that the tests of pages look at.</summary>
static class PageTestJobs
{
    public static async Task<(string Id, string Ping)> JobAsync(this TestApp app, string name)
    {
        using var api = await app.SignedInAsync();
        var answer = await api.PostAsync("/api/v1/jobs", new StringContent(
            $$$"""{"name":"{{{name}}}","schedule":{"period":"00:05:00","grace":"00:01:00"}}""", Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        using var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (job.RootElement.GetProperty("id").GetString()!, new Uri(new Uri("http://localhost"), job.RootElement.GetProperty("pingUrl").GetString()!).AbsolutePath);
    }

    public static async Task PingAsync(this TestApp app, string ping, string end = "")
    {
        using var anyone = app.Anonymous();
        (await anyone.GetAsync(ping + end)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.SettleAsync();
    }
}
