using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

[Trait("Demand", "S0-1")]
public sealed class JobPagesTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _api = null!;
    Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _api = await _app.SignedInAsync();
        _browser = await Browser.SignedInAsync(_app);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        _api.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_desk_says_what_to_do_next()
    {
        (await _browser.OpenAsync("/")).ShouldBe(HttpStatusCode.OK);

        _browser.Html.ShouldContain("No jobs yet");
        _browser.Html.ShouldContain("Make a key");
        _browser.Html.ShouldContain("/ping/PING-KEY/backup?create=1");
        _browser.Html.ShouldContain("scheduler.AddWatchdesk(client);");
    }

    [Fact]
    public async Task A_change_of_the_schedule_can_be_tried_before_it_is_made()
    {
        var (id, ping) = await JobAsync("Nightly backup");
        using var anonymous = _app.Anonymous();
        (await anonymous.GetAsync(ping)).EnsureSuccessStatusCode();
        await _app.SettleAsync();
        await _app.AdvanceAsync(TimeSpan.FromHours(30));
        (await anonymous.GetAsync(ping)).EnsureSuccessStatusCode();
        await _app.SettleAsync();

        (await _browser.OpenAsync($"/jobs/{id}/what-if?change={Uri.EscapeDataString("""{"schedule":{"count":1,"per":"day"}}""")}")).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("1 incident instead of 1: 0 new, 0 no more.");
        (await _browser.OpenAsync($"/jobs/{id}/what-if?change={Uri.EscapeDataString("""{"schedule":{"period":"2.00:00:00"}}""")}")).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("0 incidents instead of 1: 0 new, 1 no more.");
        (await _browser.OpenAsync($"/jobs/{id}/what-if?change={Uri.EscapeDataString("""{"schedule":{"count":1,"per":"week"}}""")}")).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("is not hour, day or month");
    }

    [Fact]
    public async Task The_first_page_without_a_session_touches_no_storage()
    {
        using var visitor = new Browser(_app);
        _app.Tables.ResetCounts();

        (await visitor.OpenAsync("/")).ShouldBe(HttpStatusCode.Redirect);

        visitor.Location.ShouldBe("/sign-in");
        _app.Tables.Counts.ShouldBe(new TableCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task A_silent_job_is_on_the_first_page_with_its_reason_and_incident()
    {
        var (id, ping) = await JobAsync("Nightly <backup>");
        await PingAsync(ping);
        await JobAsync("Other");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));
        await _browser.OpenAsync("/");
        _browser.Html.ShouldContain("All 2 jobs are fine");
        _browser.Html.ShouldContain("Nightly &lt;backup&gt;");

        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        await _browser.OpenAsync("/");

        _browser.Html.ShouldContain("1 job needs attention");
        _browser.Html.ShouldContain("ATTENTION");
        _browser.Html.ShouldContain("CRITICAL");
        _browser.Html.ShouldContain($"href=\"/jobs/{id}\"");
        _browser.Html.ShouldContain("nobody");
    }

    [Fact]
    [Trait("Demand", "S0-4")]
    public async Task The_page_of_a_job_shows_its_runs_and_figures()
    {
        var (id, ping) = await JobAsync("Backup");
        for (var i = 0; i < 3; i++)
        {
            await PingAsync(ping, "/start");
            _app.Clock.Advance(TimeSpan.FromSeconds(90));
            await PingAsync(ping, i == 1 ? "/3" : "");
            _app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await _browser.OpenAsync("/jobs/" + id);

        _browser.Html.ShouldContain("1 min 30 s");
        _browser.Html.ShouldContain("SUCCESS");
        _browser.Html.ShouldContain("FAILED");
        _browser.Html.ShouldContain("<svg class=\"runs\"");
        _browser.Html.ShouldContain("every 5 min, grace 1 min");
        _browser.Html.ShouldContain("Who would be told, and why?");
    }

    [Fact]
    public async Task A_job_is_paused_and_resumed_with_a_button()
    {
        var (id, ping) = await JobAsync("Backup");
        await PingAsync(ping);
        await _browser.OpenAsync("/jobs/" + id);

        (await _browser.SubmitAsync($"/jobs/{id}/pause")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(_browser.Location!);
        _browser.Html.ShouldContain("PAUSED");
        _browser.Html.ShouldContain("The job is paused");

        (await _browser.SubmitAsync($"/jobs/{id}/resume")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync("/jobs/" + id);
        _browser.Html.ShouldNotContain("PAUSED");
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_a_status()
    {
        var (_, ping) = await JobAsync("Well");
        await PingAsync(ping);
        await JobAsync("Unheard");

        await _browser.OpenAsync("/jobs?status=new");
        _browser.Html.ShouldContain("Unheard");
        _browser.Html.ShouldNotContain(">Well<");
        await _browser.OpenAsync("/jobs?status=attention");
        _browser.Html.ShouldContain("No job here is ATTENTION");
    }

    [Fact]
    public async Task An_incident_is_acknowledged_commented_and_resolved_on_its_page()
    {
        var (_, ping) = await JobAsync("Backup");
        await PingAsync(ping);
        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        await _browser.OpenAsync("/incidents");
        var from = _browser.Html.IndexOf("/incidents/0", StringComparison.Ordinal);
        var path = _browser.Html[from..(from + 43)];

        await _browser.OpenAsync(path);
        (await _browser.SubmitAsync(path + "/acknowledge")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("eve@example.org has it");

        (await _browser.SubmitAsync(path + "/comment", ("text", "The disk\nis <full>."))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("The disk&#xA;is &lt;full&gt;.");

        (await _browser.SubmitAsync(path + "/resolve", ("reason", "Space was made."))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("RESOLVED");
        (await _browser.PostAsync(path + "/acknowledge", ("token", TokenOf(_browser.Html)))).ShouldBe(HttpStatusCode.SeeOther);
        _browser.Location.ShouldEndWith("?done=closed");
        await _browser.OpenAsync("/incidents?state=resolved");
        _browser.Html.ShouldContain("Space was made.");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/runs")]
    [InlineData("POST", "/pause")]
    [InlineData("DELETE", "")]
    public async Task A_job_that_is_not_there_is_a_problem_with_a_request_id(string method, string end)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/jobs/nothing" + end);
        var answer = await _api.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"requestId\":");
    }

    [Theory]
    [InlineData("/jobs/nothing")]
    [InlineData("/incidents/nothing")]
    [InlineData("/incidents/0199aaaabbbb7cccdddd111122223333")]
    [InlineData("/deadletters/nothing")]
    public async Task What_is_not_there_has_a_page_of_its_own(string path)
    {
        (await _browser.OpenAsync(path)).ShouldBe(HttpStatusCode.NotFound);
        _browser.Html.ShouldContain("There is nothing at this address");
    }

    [Fact]
    public async Task A_channel_is_added_tested_and_deleted()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.Services.RemoveAll<INoticeChannel>();
            builder.Services.AddSingleton<INoticeChannel>(new DeafChannel());
        });
        using var browser = await Browser.SignedInAsync(app);
        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("No channel yet");
        (await browser.SubmitAsync("/settings/channels/webhook", ("name", "Hook"), ("url", "nowhere"), ("level", "critical"))).ShouldBe(HttpStatusCode.BadRequest);
        browser.Html.ShouldContain("<p class=\"problem\" role=\"alert\">That is no address.</p>");

        (await browser.SubmitAsync("/settings/channels/webhook", ("name", "Hook"), ("url", "https://a.example"), ("level", "critical"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("https://a.example");
        browser.Html.ShouldContain(">critical</td>");
        var path = PathAfter(browser.Html, "action=\"/settings/channels/", "0123456789abcdef");

        (await browser.SubmitAsync($"/settings/channels/{path}/test")).ShouldBe(HttpStatusCode.BadRequest);
        browser.Html.ShouldContain("The test did not go to Hook: It did not listen.");
        (await browser.SubmitAsync($"/settings/channels/{path}/delete")).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("No channel yet");
    }

    [Fact]
    public async Task A_Slack_channel_is_added_with_its_form_and_its_address_is_not_shown()
    {
        await _browser.OpenAsync("/settings");

        (await _browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://chat.example.org/x"), ("level", "info"))).ShouldBe(HttpStatusCode.BadRequest);
        _browser.Html.ShouldContain("An admin can name another host in allowHost.");
        (await _browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://hooks.slack.com/services/T0/B0/hush"), ("level", "info"))).ShouldBe(HttpStatusCode.SeeOther);

        await _browser.OpenAsync("/settings");
        _browser.Html.ShouldContain("https://hooks.slack.com/********");
        _browser.Html.ShouldNotContain("hush");
    }

    [Fact]
    public async Task Metrics_are_text_for_a_key_that_may_read()
    {
        var (_, ping) = await JobAsync("Backup");
        await PingAsync(ping);
        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        using var reader = await _app.SignedInAsync(Role.Reader, Scopes.Read);
        using var sender = await _app.SignedInAsync(Role.None, Scopes.Ping);

        await _app.Queues.SendTextAsync("inbox", "{}");

        var text = await reader.GetStringAsync("/metrics");

        text.ShouldContain("watchdesk_jobs{status=\"attention\"} 1\n");
        text.ShouldContain("watchdesk_jobs{status=\"good\"} 0\n");
        text.ShouldContain("watchdesk_incidents_open{severity=\"critical\"} 1\n");
        text.ShouldContain("watchdesk_tick_age_seconds 0\n");
        text.ShouldContain("watchdesk_queue_messages{queue=\"inbox\"} 1\nwatchdesk_queue_messages{queue=\"heartbeats-in\"} 0\nwatchdesk_queue_messages{queue=\"notices\"} 0\n");
        text.ShouldContain("watchdesk_events_accepted_total ");
        text.ShouldContain("watchdesk_counted_all 1\n");
        (await sender.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.Anonymous().GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_badge_shows_a_status_to_whoever_knows_its_secret()
    {
        var (id, ping) = await JobAsync("Back<up>");
        await PingAsync(ping);
        var one = await BadgeAsync($$"""{"name":"readme","kind":"badge","job":"{{id}}"}""");
        var all = await BadgeAsync("""{"name":"readme","kind":"badge"}""");
        using var visitor = _app.Anonymous();

        var answer = await visitor.GetAsync("/badge/" + one);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Back&lt;up&gt;: GOOD");
        (await visitor.GetStringAsync($"/badge/{all}.svg")).ShouldContain("jobs: 1 of 1 GOOD");

        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        (await visitor.GetStringAsync("/badge/" + one)).ShouldContain("ATTENTION");
        (await visitor.GetAsync("/badge/0000000000000000000000")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    async Task<(string Id, string Ping)> JobAsync(string name)
    {
        var answer = await _api.PostAsync("/api/v1/jobs", new StringContent(
            $$$"""{"name":"{{{name}}}","schedule":{"period":"00:05:00","grace":"00:01:00"}}""", Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        using var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (job.RootElement.GetProperty("id").GetString()!, new Uri(new Uri("http://localhost"), job.RootElement.GetProperty("pingUrl").GetString()!).AbsolutePath);
    }

    async Task PingAsync(string ping, string end = "")
    {
        (await _api.GetAsync(ping + end)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _app.SettleAsync();
    }

    async Task<string> BadgeAsync(string body)
    {
        var answer = await _api.PostAsync("/api/v1/keys", new StringContent(body, Encoding.UTF8, "application/json"));
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    /// <summary>The first text of these characters, as long as an id, after the mark.</summary>
    static string PathAfter(string html, string mark, string characters) =>
        html.Split(mark).Skip(1).Select(rest => string.Concat(rest.TakeWhile(characters.Contains))).First(text => text.Length == 32);

    static string TokenOf(string html)
    {
        const string Before = "name=\"token\" value=\"";
        var from = html.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return html[from..html.IndexOf('"', from)];
    }

    sealed class DeafChannel : INoticeChannel
    {
        public string Kind => "webhook";

        public string Accept(JsonElement settings, string? stored) =>
            settings.GetProperty("url").GetString()!.StartsWith("https://", StringComparison.Ordinal) ? settings.GetRawText() : throw new InvalidRequestException("That is no address.");

        public JsonElement Show(string settings) => JsonDocument.Parse(settings).RootElement;

        public Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken) => Task.FromResult(SendResult.Never("It did not listen."));
    }
}
