using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Heartbeats;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public sealed class JobsApiTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    [Trait("Demand", "S0-2")]
    public async Task The_list_gives_health_metrics_of_all_jobs()
    {
        for (var n = 0; n < 5; n++)
        {
            await CreateAsync(new { name = $"Job {n}", schedule = new { period = "00:10:00" } });
            _app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var first = await _desk.GetFromJsonAsync<JsonElement>("/api/v1/jobs?limit=3");
        var second = await _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs?limit=3&next={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");

        var items = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).ToArray();
        items.Select(job => job.GetProperty("slug").GetString()).ShouldBe(["job-0", "job-1", "job-2", "job-3", "job-4"]);
        items.ShouldAllBe(job => job.GetProperty("status").GetString() == "NEW" && job.GetProperty("statistics").GetProperty("occurrences").GetInt64() == 0);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    [Trait("Demand", "S0-4")]
    public async Task Statistics_are_computed_from_the_runs()
    {
        var job = await CreateAsync(new { name = "Report", schedule = new { period = "01:00:00" } });
        var start = _app.Clock.GetUtcNow();
        var lines = new StringBuilder();
        for (var n = 0; n < 20; n++)
        {
            lines.AppendLine(JsonSerializer.Serialize(new { job = "report", kind = "success", runId = $"r{n}", at = start.AddMinutes(n * 10), duration = TimeSpan.FromSeconds(n + 1).ToString("c") }));
        }

        lines.AppendLine("""{"job":"report","kind":"misfire"}""");
        _app.Clock.Advance(TimeSpan.FromMinutes(200));
        (await _desk.PostAsync("/api/v1/heartbeats", new StringContent(lines.ToString()))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await _app.SettleAsync();

        var statistics = (await GetAsync(job)).GetProperty("statistics");
        statistics.GetProperty("occurrences").GetInt32().ShouldBe(20);
        statistics.GetProperty("misfires").GetInt32().ShouldBe(1);
        statistics.GetProperty("meanDuration").GetString().ShouldBe("00:00:10.5000000");
        statistics.GetProperty("p50Duration").GetString().ShouldBe("00:00:10");
        statistics.GetProperty("p95Duration").GetString().ShouldBe("00:00:19");
        statistics.GetProperty("frequency").GetString().ShouldBe("00:09:59");
    }

    [Theory]
    [Trait("Demand", "S3-26")]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"x","color":"red"}""", "color")]
    [InlineData("""{"name":"x","slug":"Not A Slug"}""", "slug")]
    [InlineData("""{"name":"x","schedule":{"period":"00:00:00.5"}}""", "period")]
    [InlineData("""{"name":"x","schedule":{"cron":"61 * * * *","timeZone":"Europe/Berlin"}}""", "cron")]
    [InlineData("""{"name":"x","schedule":{"cron":"* * * * *","timeZone":"Mars/Olympus"}}""", "Mars/Olympus")]
    [InlineData("""{"name":"x","schedule":{"count":2,"per":"week"}}""", "hour, day or month")]
    [InlineData("""{"name":"x","schedule":{"count":4000,"variance":1,"per":"day"}}""", "at most 4000")]
    [InlineData("""{"name":"x","severity":"loud"}""", "severity")]
    [InlineData("""{"name":"x","budgets":{"tooShort":"0"}}""", "tooShort")]
    [InlineData("""{"name":"x","alertAfter":0}""", "alertAfter")]
    [InlineData("""{"name":"x","alertAfter":101}""", "alertAfter")]
    [InlineData("""{"name":"x","parents":["nobody"]}""", "there is no job nobody")]
    [InlineData("""{"name":"x","parents":[null]}""", "parents")]
    [InlineData("""{"name":"x","maintenance":[null]}""", "maintenance")]
    [InlineData("""{"name":"x","maintenance":[{"weekly":"Sun"}]}""", "Sun 02:00-04:00")]
    [InlineData("""[1]""", "")]
    public async Task A_bad_job_is_refused_with_the_reason(string json, string named)
    {
        var answer = await _desk.PostAsync("/api/v1/jobs", new StringContent(json, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("detail").GetString()!.ShouldContain(named);
        problem.GetProperty("requestId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_slug_belongs_to_one_job_and_is_free_again_after_it()
    {
        var first = await CreateAsync(new { name = "Backup" });
        (await _desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await _desk.DeleteAsync($"/api/v1/jobs/{first}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await CreateAsync(new { name = "Backup" });
        (await _desk.GetAsync($"/api/v1/jobs/{first}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_put_everything()
    {
        var job = await CreateAsync(new { name = "Backup", org = "shop.it", severity = "warning", schedule = new { cron = "0 2 * * *", timeZone = "Europe/Berlin", grace = "00:30:00" } });

        var patched = await _desk.PatchAsJsonAsync($"/api/v1/jobs/{job}", new { slug = "backup-2", severity = "info" });
        patched.StatusCode.ShouldBe(HttpStatusCode.OK, await patched.Content.ReadAsStringAsync());
        var view = await GetAsync("backup-2");
        (view.GetProperty("severity").GetString(), view.GetProperty("org").GetString()).ShouldBe(("info", "shop.it"));
        view.GetProperty("schedule").GetProperty("cron").GetString().ShouldBe("0 2 * * *");
        (await _desk.GetAsync("/api/v1/jobs/backup")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await _desk.PutAsJsonAsync($"/api/v1/jobs/{job}", new { name = "Other" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(job)).TryGetProperty("org", out _).ShouldBeFalse();
        (await _desk.PatchAsJsonAsync($"/api/v1/jobs/{job}", new { colour = 1 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Pause_resume_and_snooze_change_what_is_owed()
    {
        var job = await CreateAsync(new { name = "Backup", schedule = new { period = "00:10:00", grace = "00:02:00" } });
        (await _desk.PostAsync("/api/v1/heartbeats", JsonContent.Create(new[] { new { job, kind = "success" } }))).EnsureSuccessStatusCode();
        await _app.SettleAsync();

        (await _desk.PostAsync($"/api/v1/jobs/{job}/pause", null)).EnsureSuccessStatusCode();
        await _app.AdvanceAsync(TimeSpan.FromHours(1));
        (await StatusAsync(job)).ShouldBe("PAUSED");

        (await _desk.PostAsync($"/api/v1/jobs/{job}/resume", null)).EnsureSuccessStatusCode();
        (await StatusAsync(job)).ShouldBe("GOOD");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(13));
        (await StatusAsync(job)).ShouldBe("ATTENTION");

        (await _desk.PostAsJsonAsync($"/api/v1/jobs/{job}/snooze", new { until = _app.Clock.GetUtcNow().AddHours(1) })).EnsureSuccessStatusCode();
        (await StatusAsync(job)).ShouldBe("PAUSED");
        (await _desk.PostAsJsonAsync($"/api/v1/jobs/{job}/snooze", new { until = _app.Clock.GetUtcNow().AddHours(-1) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await _app.AdvanceAsync(TimeSpan.FromHours(2));
        (await StatusAsync(job)).ShouldBe("ATTENTION");
    }

    [Fact]
    public async Task Open_runs_can_be_given_up()
    {
        var job = await CreateAsync(new { name = "Backup", schedule = new { period = "1.00:00:00", grace = "00:02:00" } });
        await _desk.PostAsync("/api/v1/heartbeats", JsonContent.Create(new[] { new { job, kind = "start", runId = "crashed" } }));
        await _app.SettleAsync();
        await _app.AdvanceAsync(TimeSpan.FromMinutes(5));
        (await StatusAsync(job)).ShouldBe("ATTENTION");

        (await _desk.PostAsync($"/api/v1/jobs/{job}/runs/lose", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await _app.SettleAsync();

        (await StatusAsync(job)).ShouldBe("GOOD");
        (await GetAsync(job)).GetProperty("statistics").GetProperty("lost").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_crontab_becomes_jobs_and_its_bad_lines_are_named()
    {
        var answer = await _desk.PostAsync("/api/v1/jobs/import?timeZone=Europe/Berlin", new StringContent("MAILTO=ops\n0 2 * * * /usr/bin/backup.sh --all\n61 * * * * broken\n*/5 * * * * /opt/sync\n"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        result.GetProperty("created").GetArrayLength().ShouldBe(2);
        result.GetProperty("created")[0].GetProperty("schedule").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        result.GetProperty("refused")[0].GetProperty("line").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Heartbeats_of_an_unknown_slug_make_a_declared_job_when_the_key_may()
    {
        var events = new[] { new { job = "send-mail", kind = "start", runId = "1" } };
        var mayNot = await _app.SignedInAsync(Role.None, Scopes.Ping);
        var may = await _app.SignedInAsync(Role.None, Scopes.Ping | Scopes.Create);

        var refused = await mayNot.PostAsJsonAsync("/api/v1/heartbeats", events);
        var accepted = await may.PostAsJsonAsync("/api/v1/heartbeats", events);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("scope create");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await _app.SettleAsync();
        (await GetAsync("send-mail")).GetProperty("schedule").GetProperty("declared").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Bad_events_are_refused_by_line_and_the_good_ones_kept()
    {
        var job = await CreateAsync(new { name = "Backup" });
        var body = $$"""
            {"job":"{{job}}","kind":"success"}
            {"job":"{{job}}","kind":"finished"}
            {"job":"{{job}}","kind":"success","colour":"red"}
            not json
            {"job":"{{job}}","kind":"success","at":"yesterday"}
            {"kind":"success"}
            {"job":"{{job}}","kind":"success","nextAt":null,"host":null}
            """;
        var answer = await _desk.PostAsync("/api/v1/heartbeats", new StringContent(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        result.GetProperty("accepted").GetInt32().ShouldBe(2);
        result.GetProperty("refused").EnumerateArray().Select(line => line.GetProperty("line").GetInt32()).ShouldBe([2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task A_request_of_ten_thousand_events_goes_through_a_blob_and_counts_whole()
    {
        var job = await CreateAsync(new { name = "Busy" });
        var events = Enumerable.Range(0, RunEventReader.MaxEvents).Select(n => new { job, kind = "success", runId = $"r{n}" });
        (await _desk.PostAsJsonAsync("/api/v1/heartbeats", events)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await _app.SettleAsync();

        (await GetAsync(job)).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(RunEventReader.MaxEvents);
        (await _desk.PostAsJsonAsync("/api/v1/heartbeats", events.Append(new { job, kind = "success", runId = "more" }))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Native_senders_write_to_the_queue_with_a_key()
    {
        await CreateAsync(new { name = "Backup" });
        var key = _desk.DefaultRequestHeaders.Authorization!.Parameter;
        await _app.Queues.SendTextAsync(TakeNative.Queue, JsonSerializer.Serialize(new { envelope = new { key, items = new[] { new { job = "backup", kind = "success" } } } }));
        await _app.Queues.SendTextAsync(TakeNative.Queue, """{"envelope":{"key":"wd_wrong","items":[]}}""");
        await _app.SettleAsync();

        (await GetAsync("backup")).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
        var letters = await _desk.GetStringAsync("/api/v1/deadletters");
        letters.ShouldContain("no valid key");
    }

    async Task<string> CreateAsync(object job)
    {
        var answer = await _desk.PostAsJsonAsync("/api/v1/jobs", job);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    Task<JsonElement> GetAsync(string job) => _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job}");

    async Task<string?> StatusAsync(string job) => (await GetAsync(job)).GetProperty("status").GetString();
}
