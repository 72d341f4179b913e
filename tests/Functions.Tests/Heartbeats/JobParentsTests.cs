using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Heartbeats;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

public sealed class JobParentsTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
        await CreateAsync("Database", []);
        await CreateAsync("Backup", ["database"]);
    }

    public async Task DisposeAsync()
    {
        _desk.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_child_is_silent_while_its_parent_needs_attention_and_judged_again_after_it()
    {
        await SendAsync("database", "fail");
        await SendAsync("backup", "fail");

        (await OpenAsync()).ShouldBe(["Database"]);
        var child = await GetAsync("backup");
        (child.GetProperty("status").GetString(), child.GetProperty("silencedBy").GetString()).ShouldBe(("ATTENTION", "Database"));
        child.GetProperty("reason").GetString()!.ShouldContain("Silenced by Database");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));
        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));
        (await OpenAsync()).ShouldBe(["Database"]);

        await SendAsync("database", "success");
        (await OpenAsync()).ShouldBeEmpty();
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await OpenAsync()).ShouldBe(["Backup"]);
        (await GetAsync("backup")).TryGetProperty("silencedBy", out _).ShouldBeFalse();

        await SendAsync("backup", "success");
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_child_that_recovers_in_silence_was_never_told_of()
    {
        await SendAsync("database", "fail");
        await SendAsync("backup", "fail");
        await SendAsync("backup", "success");
        await SendAsync("database", "success");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));

        (await _desk.GetStringAsync("/api/v1/incidents?state=resolved")).ShouldNotContain("Backup");
        (await OpenAsync()).ShouldBeEmpty();
    }

    /// <summary>Both are missed by the same tick, and the parent is not told first.</summary>
    [Fact]
    public async Task A_parent_that_is_overdue_with_its_child_silences_it()
    {
        await SendAsync("database", "success");
        await SendAsync("backup", "success");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(90));

        (await OpenAsync()).ShouldBe(["Database"]);
    }

    [Fact]
    public async Task Any_ancestor_that_needs_attention_silences()
    {
        await CreateAsync("Report", ["backup"]);
        await SendAsync("database", "fail");
        await SendAsync("report", "fail");

        (await OpenAsync()).ShouldBe(["Database"]);
        (await GetAsync("report")).GetProperty("silencedBy").GetString().ShouldBe("Database");
    }

    /// <summary>Two changes at once may each pass the check; then both are told rather than neither.</summary>
    [Fact]
    public async Task Jobs_in_a_circle_do_not_silence_one_another()
    {
        var store = _app.Services.GetRequiredService<JobStore>();
        var (tenant, child) = ("main", (await GetAsync("backup")).GetProperty("id").GetString()!);
        await store.ChangeAsync(tenant, "database", job => job with { Parents = [child] }, default);

        await SendAsync("database", "fail");
        await SendAsync("backup", "fail");

        (await OpenAsync()).ShouldBe(["Backup", "Database"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_child_without_that_parent_is_told_at_once()
    {
        await SendAsync("database", "fail");
        await SendAsync("backup", "fail");

        (await _desk.PatchAsJsonAsync("/api/v1/jobs/backup", new { parents = Array.Empty<string>() })).EnsureSuccessStatusCode();

        (await OpenAsync()).ShouldBe(["Backup", "Database"], ignoreOrder: true);
    }

    [Fact]
    [Trait("Demand", "S3-26")]
    public async Task A_cycle_is_refused()
    {
        await CreateAsync("Report", ["backup"]);

        (await _desk.PatchAsJsonAsync("/api/v1/jobs/database", new { parents = new[] { "database" } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var answer = await _desk.PatchAsJsonAsync("/api/v1/jobs/database", new { parents = new[] { "report" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain("parents: database > report > backup > database is a circle");
    }

    [Fact]
    public async Task A_job_reads_back_as_it_was_written()
    {
        var id = (await GetAsync("database")).GetProperty("id").GetString();
        var body = JsonDocument.Parse("""
            {"name":"Nightly","slug":"nightly","severity":"warning","schedule":{"count":2,"variance":1,"per":"day"},
             "budgets":{"startLate":"00:05:00","tooLong":"01:00:00","tooShort":"00:00:10"},"alertAfter":2,"parents":["database"],
             "maintenance":[{"from":"2026-12-24T00:00:00Z","to":"2026-12-26T00:00:00Z"},{"weekly":"Sun 02:00-04:00","timeZone":"Europe/Berlin"}],
             "tags":["db"],"org":"shop.it","servers":["db01"]}
            """).RootElement;

        (await _desk.PostAsJsonAsync("/api/v1/jobs", body)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _desk.PatchAsJsonAsync("/api/v1/jobs/nightly", new { tags = new[] { "db", "night" } })).StatusCode.ShouldBe(HttpStatusCode.OK);

        var job = await GetAsync("nightly");
        foreach (var name in (string[])["schedule", "budgets", "alertAfter", "org", "servers"])
        {
            job.GetProperty(name).ToString().ShouldBe(body.GetProperty(name).ToString());
        }

        job.GetProperty("parents")[0].GetString().ShouldBe(id);
        job.GetProperty("maintenance")[1].GetProperty("weekly").GetString().ShouldBe("Sun 02:00-04:00");
    }

    async Task CreateAsync(string name, string[] parents) =>
        (await _desk.PostAsJsonAsync("/api/v1/jobs", new { name, schedule = new { period = "01:00:00", grace = "00:10:00" }, parents })).StatusCode.ShouldBe(HttpStatusCode.Created);

    async Task SendAsync(string job, string kind)
    {
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job, kind } })).EnsureSuccessStatusCode();
        await _app.SettleAsync();
    }

    Task<JsonElement> GetAsync(string job) => _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job}");

    async Task<string?[]> OpenAsync() =>
        [.. (await _desk.GetFromJsonAsync<JsonElement>("/api/v1/incidents")).GetProperty("items").EnumerateArray().Select(incident => incident.GetProperty("name").GetString())];
}
