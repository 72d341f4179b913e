using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Incidents;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class ChannelsApiTests : IAsyncLifetime, IDisposable
{
    const string Hook = "https://hooks.example.org/in";
    const string Webhook = """{"kind":"webhook","name":"ops","settings":{"url":"https://hooks.example.org/in","secret":"0123456789abcdef"}}""";

    readonly FakeHttp fake = new();
    readonly OutgoingHttp http;
    TestApp app = null!;
    HttpClient admin = null!;

    public ChannelsApiTests() => http = new OutgoingHttp(fake, isEmbedded: false);

    public async Task InitializeAsync()
    {
        app = await TestApp.StartAsync(builder => builder.Services.AddSingleton(http));
        admin = await app.SignedInAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_channel_is_made_shown_changed_and_removed()
    {
        var (status, made) = await Api.SendAsync(admin, "POST", "/api/v1/channels", Webhook);
        status.ShouldBe(HttpStatusCode.Created);
        var id = made.GetProperty("id").GetString();
        made.GetProperty("minSeverity").GetString().ShouldBe("warning");
        made.GetProperty("settings").GetProperty("secret").GetString().ShouldBe("********");
        app.Tables.Rows("channels").ShouldAllBe(row => !row.Text("Settings")!.Contains("0123456789abcdef"));

        var (changed, answer) = await Api.SendAsync(admin, "PUT", $"/api/v1/channels/{id}", """{"name":"night","minSeverity":"critical","enabled":false}""");
        changed.ShouldBe(HttpStatusCode.OK);
        answer.GetProperty("settings").GetProperty("url").GetString().ShouldBe(Hook);

        (await Api.SendAsync(admin, "GET", "/api/v1/channels")).Body.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("night");
        (await Api.SendAsync(admin, "DELETE", $"/api/v1/channels/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Api.SendAsync(admin, "GET", $"/api/v1/channels/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"kind":"pigeon","name":"a","settings":{}}""",                                                  "kind is one of webhook, teams, slack, mail.")]
    [InlineData("""{"kind":"webhook","name":"","settings":{"url":"https://example.org"}}""",                       "name has 1 to 100 characters, without control characters.")]
    [InlineData("""{"kind":"webhook","name":"a"}""",                                                               "settings is an object with what a channel of the kind webhook needs.")]
    [InlineData("""{"kind":"webhook","name":"a","settings":{"url":"http://169.254.169.254/"}}""",                  "The url must begin with https://.")]
    [InlineData("""{"kind":"webhook","name":"a","settings":{"url":"https://169.254.169.254/"}}""",                 OutgoingAddress.Refusal)]
    [InlineData("""{"kind":"webhook","name":"a","colour":"red","settings":{"url":"https://example.org"}}""",       "The member colour is not known here. Remove it or correct its name.")]
    [InlineData("""{"kind":"webhook","name":"a","settings":{"url":"https://example.org","verb":"GET"}}""",         "The member verb is not known here. Remove it or correct its name.")]
    public async Task What_is_wrong_is_said(string request, string detail)
    {
        var (status, problem) = await Api.SendAsync(admin, "POST", "/api/v1/channels", request);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldBe(detail);
        problem.GetProperty("requestId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_test_is_sent_and_answers_what_really_happened()
    {
        var id = (await Api.SendAsync(admin, "POST", "/api/v1/channels", Webhook)).Body.GetProperty("id").GetString();
        fake.Answer("POST", Hook, 200).Answer("POST", Hook, 410);

        var first = (await Api.SendAsync(admin, "POST", $"/api/v1/channels/{id}/test")).Body;
        var second = (await Api.SendAsync(admin, "POST", $"/api/v1/channels/{id}/test")).Body;

        first.GetRawText().ShouldBe("""{"sent":true,"reason":"Answered 200."}""");
        second.GetProperty("sent").GetBoolean().ShouldBeFalse();
        (await Api.SendAsync(admin, "GET", $"/api/v1/channels/{id}")).Body.GetProperty("problem").GetString().ShouldBe("Answered 410: this address does not exist any more. Enter a new one.");
        fake.Verify();
    }

    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task A_signal_reaches_the_webhook_through_the_queue_and_is_listed()
    {
        await Api.SendAsync(admin, "POST", "/api/v1/channels", Webhook);
        fake.Answer("POST", Hook, 503).Answer("POST", Hook, 200);

        await app.Services.GetRequiredService<IncidentDesk>().TellAsync("main", [A.Bad("nightly-backup")], app.Clock.GetUtcNow(), default);
        await app.SettleAsync();
        var waiting = (await Api.SendAsync(admin, "GET", "/api/v1/notices")).Body.GetProperty("items")[0];
        waiting.GetProperty("state").GetString().ShouldBe("waiting");
        waiting.GetProperty("lastError").GetString().ShouldBe("Answered 503.");

        await app.AdvanceAsync(TimeSpan.FromSeconds(31));
        var sent = (await Api.SendAsync(admin, "GET", "/api/v1/notices")).Body.GetProperty("items")[0];
        sent.GetProperty("state").GetString().ShouldBe("sent");
        sent.GetProperty("title").GetString().ShouldBe("ATTENTION nightly-backup: no success for 25 min, expected by 02:30");
        fake.Sent.Select(call => call.Header("Idempotency-Key")).Distinct().Count().ShouldBe(1);
        fake.Verify();
    }

    [Fact]
    public async Task Unreadable_messages_are_dropped_and_the_others_handled()
    {
        await app.Queues.SendTextAsync("notices", "{not json");
        await app.Queues.SendTextAsync("notices", """{"envelope":{"v":1,"kind":"notice","tenant":"main","requestId":"r","items":[7,"nonsense",null]}}""");

        (await app.Queues.DeliverAsync(app, "notices")).ShouldBe((2, 200));
    }

    [Fact]
    public async Task Who_may_do_what()
    {
        var reader = await app.SignedInAsync(Role.Reader, Scopes.Read);
        var responder = await app.SignedInAsync(Role.Responder);

        (await Api.SendAsync(reader, "GET", "/api/v1/channels")).Status.ShouldBe(HttpStatusCode.OK);
        (await Api.SendAsync(reader, "GET", "/api/v1/notices")).Status.ShouldBe(HttpStatusCode.OK);
        (await Api.SendAsync(responder, "POST", "/api/v1/channels", Webhook)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Api.SendAsync(reader, "POST", "/api/v1/channels/0193f0c0000070008000000000000001/test")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Api.SendAsync(app.Anonymous(), "GET", "/api/v1/notices")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

/// <summary>JSON over HTTP, in one line.</summary>
static class Api
{
    public static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient client, string method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 ? JsonDocument.Parse(text).RootElement : default);
    }
}
