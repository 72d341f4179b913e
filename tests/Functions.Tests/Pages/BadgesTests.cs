using System.Net;
using System.Text;
using System.Text.Json;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

/// <summary>What other programs read: badges and Prometheus text.</summary>
public sealed class BadgesTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _api = await _app.SignedInAsync();
    }

    public async Task DisposeAsync()
    {
        _api.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_are_text_for_a_key_that_may_read()
    {
        var (_, ping) = await _app.JobAsync("Backup");
        await _app.PingAsync(ping);
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
        var (id, ping) = await _app.JobAsync("Back<up>");
        await _app.PingAsync(ping);
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

    async Task<string> BadgeAsync(string body)
    {
        var answer = await _api.PostAsync("/api/v1/keys", new StringContent(body, Encoding.UTF8, "application/json"));
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }
}
