using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public sealed class TestScheduleTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
    }

    public async Task DisposeAsync()
    {
        _desk.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Twice a day for five days, one left out on the third; the other job is none of our business.</summary>
    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task It_says_what_would_have_fired_and_what_did()
    {
        await CreateAsync("Backup", new { period = "1.00:00:00", grace = "02:00:00" });
        await CreateAsync("Other", new { period = "01:00:00" });
        var start = _app.Clock.GetUtcNow();
        for (var n = 0; n < 10; n++)
        {
            if (n != 5)
            {
                await SendAsync("backup");
            }

            await SendAsync("other");
            await _app.AdvanceAsync(TimeSpan.FromHours(12));
        }

        var answer = await TestAsync("backup", """{"schedule":{"count":2,"per":"day"}}""");

        answer.GetProperty("isPartial").GetBoolean().ShouldBeFalse();
        answer.GetProperty("events").GetInt32().ShouldBe(9);
        answer.GetProperty("didFire").GetArrayLength().ShouldBe(0);
        answer.GetProperty("counts").ToString().ShouldBe("""{"wouldHaveFired":1,"didFire":0,"onlyNew":1,"onlyOld":0}""");
        var fired = answer.GetProperty("onlyNew")[0];
        fired.GetProperty("from").GetDateTimeOffset().ShouldBe(start.AddHours(63));
        fired.GetProperty("to").GetDateTimeOffset().ShouldBe(start.AddHours(84));
        fired.GetProperty("severity").GetString().ShouldBe("critical");
        fired.GetProperty("reason").GetString().ShouldBe("Too few: got 1 of 2±0 in the last 24 h, last 08:00, expected by 23:00.");
    }

    [Fact]
    public async Task It_says_what_would_not_fire_any_more()
    {
        await CreateAsync("Backup", new { period = "01:00:00", grace = "00:10:00" });
        await SendAsync("backup");
        await _app.AdvanceAsync(TimeSpan.FromHours(3));
        await SendAsync("backup");

        var answer = await TestAsync("backup", """{"schedule":{"period":"04:00:00"}}""");

        answer.GetProperty("counts").ToString().ShouldBe("""{"wouldHaveFired":0,"didFire":1,"onlyNew":0,"onlyOld":1}""");
        answer.GetProperty("onlyOld")[0].GetProperty("reason").GetString()!.ShouldStartWith("Nothing since 08:00:00 UTC; was due 09:00:00 UTC");
        (await _desk.GetFromJsonAsync<JsonElement>("/api/v1/jobs/backup")).GetProperty("schedule").GetProperty("period").GetString().ShouldBe("01:00:00");
    }

    /// <summary>What did fire is what the incidents say, whatever was changed meanwhile.</summary>
    [Fact]
    public async Task What_did_fire_are_the_incidents_that_were_open()
    {
        await CreateAsync("Backup", new { period = "01:00:00", grace = "00:10:00" });
        for (var n = 0; n < 6; n++)
        {
            await SendAsync("backup", n == 2 ? "fail" : "success");
            await _app.AdvanceAsync(TimeSpan.FromMinutes(n == 4 ? 100 : 50));
        }

        (await _desk.PatchAsJsonAsync("/api/v1/jobs/backup", new { schedule = new { period = "00:10:00", grace = "00:01:00" } })).EnsureSuccessStatusCode();
        await _app.AdvanceAsync(TimeSpan.FromMinutes(5));

        var did = (await TestAsync("backup", """{"alertAfter":5}""")).GetProperty("didFire").EnumerateArray().ToList();
        var incidents = new List<JsonElement>();
        foreach (var state in (string[])["open", "resolved"])
        {
            incidents.AddRange((await _desk.GetFromJsonAsync<JsonElement>($"/api/v1/incidents?state={state}")).GetProperty("items").EnumerateArray());
        }

        did.Count.ShouldBe(3);
        did.Select(firing => firing.GetProperty("from").GetDateTimeOffset()).ShouldBe(incidents.Select(incident => incident.GetProperty("since").GetDateTimeOffset()), ignoreOrder: true);
        did.Count(firing => firing.TryGetProperty("to", out _)).ShouldBe(2);
    }

    [Fact]
    [Trait("Demand", "S3-26")]
    public async Task A_change_that_cannot_be_is_refused()
    {
        await CreateAsync("Backup", new { period = "01:00:00" });

        (await PostAsync("backup", """{"schedule":{"count":5000,"per":"day"}}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("backup", """{"alertAfter":0}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("backup", """{"name":"x"}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("nobody", "{}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    async Task<JsonElement> TestAsync(string job, string change)
    {
        var answer = await PostAsync(job, change);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    Task<HttpResponseMessage> PostAsync(string job, string change) =>
        _desk.PostAsync($"/api/v1/jobs/{job}/schedule/test", new StringContent(change, System.Text.Encoding.UTF8, "application/json"));

    async Task CreateAsync(string name, object schedule) =>
        (await _desk.PostAsJsonAsync("/api/v1/jobs", new { name, schedule })).StatusCode.ShouldBe(HttpStatusCode.Created);

    async Task SendAsync(string job, string kind = "success")
    {
        (await _desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job, kind } })).EnsureSuccessStatusCode();
        await _app.SettleAsync();
    }
}
