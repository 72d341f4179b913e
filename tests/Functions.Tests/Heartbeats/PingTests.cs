using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Heartbeats;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public sealed class PingTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;
    HttpClient _job = null!;
    string _id = "";
    string _path = "";

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
        _job = _app.Anonymous();
        var answer = await _desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Nightly backup", schedule = new { period = "00:10:00", grace = "00:02:00" } });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>();
        _id = job.GetProperty("id").GetString()!;
        _path = "/ping/" + job.GetProperty("pingUrl").GetString()!.Split("/ping/")[1];
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("GET", "", 200, "OK")]
    [InlineData("HEAD", "", 200, "")]
    [InlineData("POST", "", 200, "OK")]
    [InlineData("GET", "/start", 200, "OK")]
    [InlineData("GET", "/fail", 200, "OK")]
    [InlineData("GET", "/log", 200, "OK")]
    [InlineData("GET", "/0", 200, "OK")]
    [InlineData("GET", "/255", 200, "OK")]
    [InlineData("GET", "/256", 400, "invalid url format")]
    [InlineData("GET", "/stop", 400, "invalid url format")]
    [InlineData("GET", "?rid=8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14", 200, "OK")]
    [InlineData("GET", "?rid=8BD1D1A6-7BF7-4B6A-B3A2-1EF5BB4C1C14", 200, "OK")]
    [InlineData("GET", "?rid=backup-1", 400, "invalid uuid format")]
    [InlineData("PUT", "", 405, null)]
    public async Task The_ping_address_answers_as_healthchecks_clients_expect(string method, string rest, int status, string? body)
    {
        var answer = await _job.SendAsync(new HttpRequestMessage(new HttpMethod(method), _path + rest));

        ((int)answer.StatusCode).ShouldBe(status);
        if (body is not null)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldBe(body);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
            answer.Headers.GetValues("Ping-Body-Limit").ShouldBe(["100000"]);
        }
    }

    [Theory]
    [InlineData("/ping/8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14", 404)]
    [InlineData("/ping/AAAAAAAAAAAAAAAAAAAAAA/backup", 404)]
    [InlineData("/ping/nonsense", 400)]
    [InlineData("/ping/", 400)]
    public async Task An_address_that_nobody_has_is_refused(string path, int status) =>
        ((int)(await _job.GetAsync(path)).StatusCode).ShouldBe(status);

    [Fact]
    [Trait("Demand", "S0-4")]
    public async Task Pings_become_runs_with_their_times()
    {
        await PingAsync("/start?rid=8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14");
        _app.Clock.Advance(TimeSpan.FromSeconds(30));
        await PingAsync("?rid=8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14");

        var job = await JobAsync();
        job.GetProperty("status").GetString().ShouldBe("GOOD");
        job.GetProperty("lastDuration").GetString().ShouldBe("00:00:30");
        job.GetProperty("statistics").GetProperty("occurrences").GetInt32().ShouldBe(1);
        var runs = await _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{_id}/runs");
        runs.GetProperty("items")[0].GetProperty("outcome").GetString().ShouldBe("success");
    }

    [Fact]
    public async Task An_exit_status_is_success_at_zero_and_failure_above()
    {
        await PingAsync("/0");
        (await JobAsync()).GetProperty("status").GetString().ShouldBe("GOOD");
        await PingAsync("/3");
        var job = await JobAsync();
        job.GetProperty("status").GetString().ShouldBe("ATTENTION");
        job.GetProperty("reason").GetString()!.ShouldContain("exit status 3");
    }

    [Fact]
    public async Task A_ping_key_and_slug_make_the_job_once()
    {
        var key = await _app.Services.GetRequiredService<PingKeys>().CreateAsync(Tenant.Main, "cron", "test", _app.Clock.GetUtcNow(), default);

        var unknown = await _job.GetAsync($"/ping/{key.Text}/reports");
        var first = await _job.GetAsync($"/ping/{key.Text}/reports?create=1");
        var second = await _job.GetAsync($"/ping/{key.Text}/reports/start?create=1");

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (first.StatusCode, await first.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.Created, "Created"));
        (second.StatusCode, await second.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.OK, "OK"));
        await _app.SettleAsync();
        var job = await _desk.GetFromJsonAsync<JsonElement>("/api/v1/jobs/reports");
        job.GetProperty("statistics").GetProperty("occurrences").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_long_body_is_taken_whole_and_a_longer_one_is_cut()
    {
        foreach (var length in new[] { 10, 40_000, 100_001, 3_000_000 })
        {
            (await _job.PostAsync(_path, new StringContent(new string('x', length)))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await _app.SettleAsync();
        (await JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task A_ping_costs_no_table_write_and_its_event_no_index_write_when_the_deadline_moves_on()
    {
        await PingAsync("");
        _app.Clock.Advance(TimeSpan.FromMinutes(5));
        _app.Tables.ResetCounts();

        (await _job.GetAsync(_path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _app.Tables.Counts.Writes.ShouldBe(0);
        await _app.SettleAsync();

        _app.Tables.CountsOf("due").Writes.ShouldBe(0);
        _app.Tables.CountsOf("jobstate").Writes.ShouldBe(1);
    }

    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task A_message_that_is_delivered_twice_counts_once()
    {
        await PingAsync("");
        await _job.GetAsync(_path);
        var message = _app.Queues.Waiting(Inbox.Queue).Single();
        await _app.SettleAsync();
        await _app.Queues.SendAsync(Inbox.Queue, message.Body, "again", default);
        await _app.SettleAsync();

        (await JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_message_that_is_not_ours_is_set_aside_and_the_others_count()
    {
        await _app.Queues.SendAsync(Inbox.Queue, "not json"u8.ToArray(), "bad", default);
        await PingAsync("");

        (await JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
        var letters = await _desk.GetFromJsonAsync<JsonElement>("/api/v1/deadletters");
        letters.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    async Task PingAsync(string rest)
    {
        (await _job.GetAsync(_path + rest)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _app.SettleAsync();
    }

    Task<JsonElement> JobAsync() => _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{_id}");
}
