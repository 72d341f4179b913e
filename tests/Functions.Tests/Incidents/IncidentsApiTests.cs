using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Incidents;

public sealed class IncidentsApiTests : IAsyncLifetime
{
    TestApp app = null!;
    HttpClient responder = null!;

    public async Task InitializeAsync()
    {
        app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<INoticeChannel>(new NotePad()));
        responder = await app.SignedInAsync(Role.Responder);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task An_incident_is_listed_shown_with_its_story_acknowledged_commented_and_resolved()
    {
        await TellAsync(A.Bad("nightly-backup", host: "db-7"));
        var item = (await GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("severity").GetString().ShouldBe("critical");
        item.TryGetProperty("history", out _).ShouldBeFalse();
        var path = $"/api/v1/incidents/{item.GetProperty("id").GetString()}";

        (await Api.SendAsync(responder, "POST", path + "/comment", """{"text":"Disk full.\nCleaning up."}""")).Status.ShouldBe(HttpStatusCode.OK);
        var acknowledged = (await Api.SendAsync(responder, "POST", path + "/acknowledge", """{"until":"2026-11-20T09:00:00+00:00"}""")).Body;
        acknowledged.GetProperty("owner").GetProperty("name").GetString().ShouldBe("key test");
        acknowledged.GetProperty("owner").GetProperty("until").GetString().ShouldBe("2026-11-20T09:00:00+00:00");
        (await Api.SendAsync(responder, "POST", path + "/resolve", """{"reason":"Disk is clean."}""")).Body.GetProperty("state").GetString().ShouldBe("resolved");

        var shown = await GetAsync(path);
        shown.GetProperty("resolvedBy").GetString().ShouldBe("key test");
        var story = shown.GetProperty("history").GetProperty("items").EnumerateArray().Select(line => line.GetProperty("kind").GetString()).ToList();
        story.ShouldBe(["decided", "resolved", "acknowledged", "comment", "decided", "opened"], ignoreOrder: true);
        (await GetAsync("/api/v1/incidents")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await GetAsync("/api/v1/incidents?state=resolved")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_acknowledgement_needs_no_body()
    {
        var path = await OpenAsync();

        (await Api.SendAsync(responder, "POST", path + "/acknowledge")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_looked_too_long_ago_is_told()
    {
        var path = await OpenAsync();
        using var seen = await responder.GetAsync(path);
        var tag = seen.Headers.ETag!.Tag;
        await Api.SendAsync(responder, "POST", path + "/acknowledge", "{}");

        (await Api.SendAsync(responder, "POST", path + "/resolve", """{"reason":"x"}""", tag)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var again = await responder.GetAsync(path);
        (await Api.SendAsync(responder, "POST", path + "/resolve", """{"reason":"x"}""", again.Headers.ETag!.Tag)).Status.ShouldBe(HttpStatusCode.OK);
        (await Api.SendAsync(responder, "POST", path + "/acknowledge", "{}")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("acknowledge", """{"until":"2026-11-20T07:00:00Z"}""")]
    [InlineData("acknowledge", """{"until":"2027-11-20T07:00:00Z"}""")]
    [InlineData("acknowledge", """{"owner":"ann"}""")]
    [InlineData("resolve",     "{}")]
    [InlineData("resolve",     """{"reason":"  "}""")]
    [InlineData("comment",     """{"text":7}""")]
    [InlineData("comment",     "[")]
    public async Task A_wrong_request_changes_nothing(string action, string body)
    {
        var path = await OpenAsync();

        var (status, problem) = await Api.SendAsync(responder, "POST", $"{path}/{action}", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await Api.SendAsync(responder, "GET", "/api/v1/incidents/0193f0c0000070008000000000000001")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Api.SendAsync(responder, "GET", "/api/v1/incidents/i~x")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Api.SendAsync(responder, "POST", "/api/v1/incidents/0193f0c0000070008000000000000001/resolve", """{"reason":"x"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_reader_reads_and_only_reads()
    {
        var path = await OpenAsync();
        var reader = await app.SignedInAsync(Role.Reader, Scopes.Read);

        (await Api.SendAsync(reader, "GET", path)).Status.ShouldBe(HttpStatusCode.OK);
        (await Api.SendAsync(reader, "POST", path + "/acknowledge", "{}")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Pages_hold_every_incident_once_and_in_order()
    {
        for (var i = 0; i < 5; i++)
        {
            await TellAsync([.. Enumerable.Range(0, 5).Select(n => A.Bad($"j{i}{n}", 1, (Severity)(n % 3)))]);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new List<JsonElement>();
        for (var next = ""; next is not null;)
        {
            var page = await GetAsync($"/api/v1/incidents?limit=4&next={Uri.EscapeDataString(next)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        seen.Select(item => item.GetProperty("id").GetString()).ShouldBeUnique();
        seen.Count.ShouldBe(25);
        string[] order = ["critical", "warning", "info"];
        seen.Select(item => Array.IndexOf(order, item.GetProperty("severity").GetString())).ShouldBeInOrder();
    }

    [Fact]
    public async Task Who_would_be_told_and_why_is_answered_without_telling_anybody()
    {
        var channels = app.Services.GetRequiredService<ChannelStore>();
        await channels.AddAsync(new Channel("main", "c1", NotePad.KindName, "ops", Level.Warning, true, "{}"), default);
        await channels.AddAsync(new Channel("main", "c2", NotePad.KindName, "boss", Level.Critical, true, "{}"), default);
        await channels.AddAsync(new Channel("main", "c3", NotePad.KindName, "old", Level.Info, false, "{}"), default);
        var rows = app.Tables.Rows("incidents").Count;

        var answer = await GetAsync("/api/v1/notices/who?severity=warning&subject=job:a");

        answer.GetProperty("notice").GetString().ShouldBe("opened");
        answer.GetProperty("told").EnumerateArray().Select(told => told.GetProperty("name").GetString()).ShouldBe(["ops"]);
        answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()).ShouldBe(
        [
            "Group: No incident was open for it.",
            "Mute: switched off: old.",
            "Deduplicate: nobody was told yet.",
            "Route: ops (note) since warning is at or above its warning. Not: boss wants critical.",
        ]);
        app.Tables.Rows("incidents").Count.ShouldBe(rows);

        await TellAsync(A.Bad("a"));
        var open = await GetAsync("/api/v1/notices/who?severity=critical&subject=job:a");
        open.TryGetProperty("notice", out _).ShouldBeFalse();
        open.GetProperty("incident").GetString().ShouldNotBeNullOrEmpty();
        (await Api.SendAsync(responder, "GET", "/api/v1/notices/who?severity=red")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    async Task<string> OpenAsync()
    {
        await TellAsync(A.Bad("a"));
        return $"/api/v1/incidents/{(await GetAsync("/api/v1/incidents")).GetProperty("items")[0].GetProperty("id").GetString()}";
    }

    Task TellAsync(params Signal[] signals) => app.Services.GetRequiredService<IncidentDesk>().TellAsync("main", signals, app.Clock.GetUtcNow(), default);

    async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await Api.SendAsync(responder, "GET", path);
        status.ShouldBe(HttpStatusCode.OK);
        return body;
    }
}
