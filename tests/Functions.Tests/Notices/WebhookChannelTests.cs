using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Notices.Webhook;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class WebhookChannelTests : IDisposable
{
    const string Url = "https://hooks.example.org/in?token=hush-hush";
    const string Secret = "0123456789abcdef0123";

    readonly FakeHttp fake = new();
    readonly OutgoingHttp http;
    readonly WebhookChannel channel;
    readonly string settings;

    public WebhookChannelTests()
    {
        http = new OutgoingHttp(fake, isEmbedded: false);
        channel = new WebhookChannel(http);
        settings = channel.Accept(Json($$"""{"url":"{{Url}}","secret":"{{Secret}}"}"""), null);
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task It_posts_a_documented_shape_signed_with_its_secret()
    {
        fake.Answer("POST", Url, 202);

        (await channel.SendAsync(settings, Notes.Message(), default)).ShouldBe(SendResult.Sent("Answered 202."));

        var sent = fake.Sent.Single();
        sent.Header("Idempotency-Key").ShouldBe("0193f0c0000070008000000000000001.1.c1");
        var time = Notes.Now.ToUnixTimeSeconds();
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.{sent.Text}")));
        sent.Header("X-Watchdesk-Signature").ShouldBe($"t={time},v1={expected}");
        using var body = JsonDocument.Parse(sent.Body);
        string.Join(' ', body.RootElement.EnumerateObject().Select(member => member.Name))
            .ShouldBe("version id kind severity tenant incident name title reason since at lastGoodAt host advice link told lines");
        body.RootElement.GetProperty("severity").GetString().ShouldBe("critical");
        body.RootElement.GetProperty("link").GetString().ShouldBe("https://desk.example.org/incidents/0193f0c0000070008000000000000001");
        fake.Verify();
    }

    [Fact]
    public async Task Its_body_is_the_one_that_is_documented()
    {
        fake.Answer("POST", Url, 200);
        await channel.SendAsync(settings, Notes.Message(), default);

        var documented = Repository.Read("functions/Notices/Webhook/README.md").Split("```json")[1].Split("```")[0];

        Pretty(fake.Sent.Single().Text).ShouldBe(Pretty(documented));

        static string Pretty(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();
    }

    [Theory]
    [InlineData(200, "sent")]
    [InlineData(204, "sent")]
    [InlineData(302, "broken")]
    [InlineData(400, "refused")]
    [InlineData(401, "broken")]
    [InlineData(403, "broken")]
    [InlineData(404, "broken")]
    [InlineData(408, "later")]
    [InlineData(410, "broken")]
    [InlineData(413, "refused")]
    [InlineData(429, "later 12")]
    [InlineData(500, "later")]
    [InlineData(503, "later 12")]
    public async Task What_a_status_means(int status, string expected)
    {
        fake.Answer("POST", Url, status, headers: status is 429 or 503 ? ["Retry-After: 12"] : []);

        Outcome(await channel.SendAsync(settings, Notes.Message(), default)).ShouldBe(expected);
    }

    [Fact]
    public async Task No_answer_is_worth_another_try_and_no_secret_is_in_the_reason()
    {
        fake.Break("POST", Url);

        var result = await channel.SendAsync(settings, Notes.Message(), default);

        Outcome(result).ShouldBe("later");
        result.Reason.ShouldNotContain("hush");
    }

    [Fact]
    public void Its_secrets_are_never_shown_and_stay_when_they_are_left_out()
    {
        var shown = channel.Show(settings).GetRawText();
        shown.ShouldBe("""{"url":"https://hooks.example.org/in?\u2026","secret":"********"}""");

        channel.Accept(Json(shown), settings).ShouldBe(settings);
        channel.Accept(Json("{}"), settings).ShouldBe(settings);
    }

    [Theory]
    [InlineData("""{"secret":"0123456789abcdef"}""")]
    [InlineData("""{"url":"https://example.org","secret":"short"}""")]
    [InlineData("""{"url":"http://example.org"}""")]
    public void Wrong_settings_are_refused(string wrong) => Should.Throw<InvalidRequestException>(() => channel.Accept(Json(wrong), null));

    [Fact]
    public void An_unknown_member_is_refused_by_name() =>
        Should.Throw<JsonException>(() => channel.Accept(Json("""{"url":"https://example.org","colour":"red"}"""), null)).Message.ShouldContain("colour");

    internal static string Outcome(SendResult result) => result switch
    {
        { IsSent: true } => "sent",
        { IsChannelBroken: true } => "broken",
        { IsWorthRetrying: true } => "later" + (result.RetryAfter is { } wait ? $" {wait.TotalSeconds}" : ""),
        _ => "refused",
    };

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
