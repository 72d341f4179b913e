using System.Net;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;
using Watchdesk.Tests.Tenants.People;

namespace Watchdesk.Tests.Pages;

/// <summary>Status pages: for whoever has the link, and nothing in them but names, states and since when.</summary>
public sealed class StatusPagesTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _api = await _app.SignedInAsync();
        await JobAsync("""{"name":"Check-out <b>","slug":"checkout","org":"shop.ui.checkout","tags":["public"],"schedule":{"period":"00:10:00","grace":"00:05:00"} }""");
        await JobAsync("""{"name":"Warehouse","slug":"warehouse","org":"stock","schedule":{"period":"00:10:00","grace":"00:05:00"} }""");
        await _api.CallAsync("POST", "/api/v1/heartbeats", """[{"job":"checkout","kind":"fail","host":"web-7.secret.example.org","message":"disk full"},{"job":"warehouse","kind":"success"}]""");
        await _app.SettleAsync();
    }

    public async Task DisposeAsync()
    {
        _api.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task It_shows_names_states_and_since_when_and_is_not_for_search_engines()
    {
        var (path, _) = await LinkAsync("""{"name":"For customers","kind":"status"}""");
        using var visitor = _app.Anonymous();

        using var answer = await visitor.GetAsync(path);
        var html = await answer.Content.ReadAsStringAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex, nofollow"]);
        foreach (var shown in new[] { "For customers", "One thing is not working.", "Check-out &lt;b&gt;", "ATTENTION", "Warehouse", "GOOD", "just now" })
        {
            html.ShouldContain(shown);
        }

        foreach (var kept in new[] { "web-7", "disk full", "failed", "/jobs/", "/ping/", "shop.ui", "Sign out" })
        {
            html.ShouldNotContain(kept);
        }
    }

    [Theory]
    [InlineData("org", "shop.*",    "Check-out")]
    [InlineData("org", "stock",     "Warehouse")]
    [InlineData("tag", "public",    "Check-out")]
    [InlineData("tag", "nobody's",  "Nothing is watched here yet.")]
    public async Task It_shows_a_part_only(string by, string part, string shown)
    {
        var (path, _) = await LinkAsync($$"""{"name":"A part","kind":"status","{{by}}":"{{part}}"}""");

        var html = await _app.Anonymous().GetStringAsync(path);

        html.ShouldContain(shown);
        new[] { "Check-out", "Warehouse" }.Count(html.Contains).ShouldBe(shown.StartsWith("Nothing", StringComparison.Ordinal) ? 0 : 1);
    }

    [Fact]
    public async Task A_revoked_link_and_one_that_never_was_show_nothing_and_no_link_can_ping()
    {
        var (path, id) = await LinkAsync("""{"name":"For customers","kind":"status"}""");
        using var visitor = _app.Anonymous();
        (await visitor.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await visitor.GetAsync(path.Replace("/status/", "/badge/"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync(path.Replace("/status/", "/ping/") + "/checkout")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await _api.CallAsync("DELETE", "/api/v1/keys/" + id)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await visitor.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync("/status/0000000000000000000000")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_asks_too_often_has_to_wait()
    {
        using var visitor = _app.Anonymous();
        var statuses = new List<HttpStatusCode>();
        for (var n = 0; n <= LinkPace.PerMinute; n++)
        {
            statuses.Add((await visitor.GetAsync("/status/0000000000000000000000")).StatusCode);
        }

        statuses[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        statuses.SkipLast(1).ShouldAllBe(status => status == HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"status","org":"a","tag":"b"}""",  "either org or tag")]
    [InlineData("""{"name":"x","kind":"status","org":"a..b"}""",         "org is a path")]
    [InlineData("""{"name":"x","kind":"status","scopes":["read"]}""",    "neither scopes nor a role")]
    [InlineData("""{"name":"x","kind":"badge","tag":"b"}""",             "with a status page")]
    [InlineData("""{"name":"x","scopes":["read"],"tag":"b"}""",          "with a status page")]
    public async Task What_is_asked_wrongly_is_told(string body, string wrong)
    {
        var (status, answer) = await _api.CallAsync("POST", "/api/v1/keys", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("detail").GetString()!.ShouldContain(wrong);
    }

    [Fact]
    public async Task A_link_is_made_listed_and_revoked_in_the_settings()
    {
        using var admin = await Browser.SignedInAsync(_app);
        await admin.OpenAsync("/settings");
        (await admin.SubmitAsync("/settings/keys", ("use", "status"), ("name", "Auditors"), ("org", "shop.*"), ("tag", ""))).ShouldBe(HttpStatusCode.OK);
        admin.Html.ShouldContain("/status/");
        admin.Html.ShouldContain("what belongs to shop.*");

        var listed = (await _api.CallAsync("GET", "/api/v1/keys")).Body.GetProperty("items").EnumerateArray().Single(key => key.GetProperty("kind").GetString() == "status");
        (await admin.SubmitAsync($"/settings/keys/{listed.GetProperty("id").GetString()}/revoke")).ShouldBe(HttpStatusCode.SeeOther);
        await admin.OpenAsync("/settings");
        admin.Html.ShouldNotContain("Auditors");
    }

    Task JobAsync(string body) => _api.CallAsync("POST", "/api/v1/jobs", body);

    async Task<(string Path, string Id)> LinkAsync(string body)
    {
        var made = (await _api.CallAsync("POST", "/api/v1/keys", body)).Body;
        return ("/status/" + made.GetProperty("key").GetString(), made.GetProperty("id").GetString()!);
    }
}
