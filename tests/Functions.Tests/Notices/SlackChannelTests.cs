using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Notices.Slack;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class SlackChannelTests : IDisposable
{
    const string Url = "https://hooks.slack.com/services/T0/B0/hush-hush";

    readonly FakeHttp fake = new();
    readonly OutgoingHttp http;
    readonly SlackChannel channel;
    readonly string settings;

    public SlackChannelTests()
    {
        http = new OutgoingHttp(fake, isEmbedded: false);
        channel = new SlackChannel(http);
        settings = channel.Accept(Json($$"""{"url":"{{Url}}"}"""), null);
    }

    public void Dispose() => http.Dispose();

    [Fact]
    [Trait("Demand", "S1-8")]
    public async Task It_posts_exactly_this()
    {
        fake.Answer("POST", Url, 200, "ok", "text/plain");

        (await channel.SendAsync(settings, Notes.Message(), default)).ShouldBe(SendResult.Sent("Answered 200."));

        var sent = fake.Sent.Single();
        sent.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        sent.Text.ShouldBe(string.Concat(
            """{"text":"ATTENTION nightly-backup: no success for 25 min, expected by 21:40","unfurl_links":false""",
            ""","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*ATTENTION* nightly-backup","verbatim":true}}]""",
            ""","attachments":[{"color":"#b3261e","blocks":[""",
            """{"type":"section","text":{"type":"mrkdwn","text":"No success for 25 min; expected by 21:40.","verbatim":true}},""",
            """{"type":"section","fields":[""",
            """{"type":"mrkdwn","text":"*Since*\n2026-11-20 21:40 UTC (25 min ago)","verbatim":true},""",
            """{"type":"mrkdwn","text":"*Last good*\n2026-11-19 22:05 UTC (1 d ago)","verbatim":true},""",
            """{"type":"mrkdwn","text":"*Host*\ndb-7","verbatim":true},""",
            """{"type":"mrkdwn","text":"*What to do*\nLook at the log of the last run; restart it when the disk has room.","verbatim":true},""",
            """{"type":"mrkdwn","text":"*Told*\nOps (mail), On call (teams)","verbatim":true}]},""",
            """{"type":"section","text":{"type":"mrkdwn","text":"<https://desk.example.org/incidents/0193f0c0000070008000000000000001|Open on the desk>","verbatim":true}}]}]}"""));
        fake.Verify();
    }

    [Theory]
    [InlineData(Level.Critical, NoticeKind.Opened,   "*ATTENTION* nightly-backup", "#b3261e")]
    [InlineData(Level.Warning,  NoticeKind.Opened,   "*WARNING* nightly-backup",   "#8a5a00")]
    [InlineData(Level.Info,     NoticeKind.Opened,   "*INFO* nightly-backup",      "#31539e")]
    [InlineData(Level.Critical, NoticeKind.Resolved, "*RESOLVED* nightly-backup",  "#1a6b34")]
    [InlineData(Level.Info,     NoticeKind.Test,     "*TEST* nightly-backup",      "#31539e")]
    public async Task Its_title_and_colour_say_how_bad_it_is(Level level, NoticeKind kind, string title, string color)
    {
        var body = await SentAsync(Notes.Notice(kind: kind, level: level));

        body.GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString().ShouldBe(title);
        body.GetProperty("attachments")[0].GetProperty("color").GetString().ShouldBe(color);
    }

    [Fact]
    public async Task Text_of_a_job_can_neither_link_nor_call_anybody()
    {
        var body = await SentAsync(Notes.Notice(name: "<!channel> & <https://evil.example|click>", reason: "<@U1> > 5", lines: ["<!here>"]));

        body.GetProperty("text").GetString()!.ShouldStartWith("ATTENTION &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;:");
        Texts(body).Where(text => text.Contains('<')).ShouldBe(["<https://desk.example.org/incidents/0193f0c0000070008000000000000001|Open on the desk>"]);
        Texts(body)[^2].ShouldBe("• &lt;!here&gt;");
    }

    [Theory]
    [InlineData('&')]
    [InlineData('x')]
    [InlineData('火')]
    public async Task It_stays_within_what_Slack_takes_whatever_it_says(char filling)
    {
        var lines = Enumerable.Range(0, 200).Select(i => $"{i} " + new string(filling, 400)).ToList();

        var body = await SentAsync(Notes.Notice(lines: lines, name: new string(filling, 5000), reason: new string(filling, 5000)));

        var texts = Texts(body);
        texts.ShouldAllBe(text => text.Length > 0 && text.Length <= SlackText.MaxSection);
        texts.ShouldAllBe(text => !text.EndsWith("&am", StringComparison.Ordinal));
        texts[^2].ShouldMatch(@"and \d+ more lines on the desk$");
    }

    [Theory]
    [InlineData(200, "ok",                  "sent",     "Answered 200.")]
    [InlineData(302, "",                    "broken",   "Answered 302; redirects are not followed. Enter the final address.")]
    [InlineData(400, "invalid_payload",     "broken",   "Slack answered 400 (invalid_payload): it did not take the form of this message.")]
    [InlineData(400, "no_text",             "broken",   "Slack answered 400 (no_text): it did not take the form of this message.")]
    [InlineData(403, "action_prohibited",   "broken",   "Slack answered 403 (action_prohibited): an admin of the Slack workspace does not allow it.")]
    [InlineData(403, "invalid_token",       "broken",   "Slack answered 403 (invalid_token): it does not accept us. Enter the address of another webhook.")]
    [InlineData(404, "no_service",          "broken",   "Slack answered 404 (no_service): this webhook does not exist any more. Enter the address of another.")]
    [InlineData(404, "channel_not_found",   "broken",   "Slack answered 404 (channel_not_found): the Slack channel does not exist any more.")]
    [InlineData(404, "",                    "broken",   "Slack answered 404: this webhook does not exist any more. Enter the address of another.")]
    [InlineData(408, "",                    "later",    "Answered 408.")]
    [InlineData(410, "channel_is_archived", "broken",   "Slack answered 410 (channel_is_archived): the Slack channel is archived.")]
    [InlineData(413, "<b>hush</b>",         "broken",   "Slack answered 413: it refused this message.")]
    [InlineData(429, "rate_limited",        "later 30", "Answered 429.")]
    [InlineData(500, "rollup_error",        "later",    "Answered 500.")]
    [InlineData(503, "",                    "later 30", "Answered 503.")]
    public async Task What_an_answer_means(int status, string body, string outcome, string reason)
    {
        fake.Answer("POST", Url, status, body, "text/plain", status is 429 or 503 ? ["Retry-After: 30"] : []);

        var result = await channel.SendAsync(settings, Notes.Message(), default);

        WebhookChannelTests.Outcome(result).ShouldBe(outcome);
        result.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task No_answer_is_worth_another_try_and_no_secret_is_in_the_reason()
    {
        fake.Break("POST", Url);

        var result = await channel.SendAsync(settings, Notes.Message(), default);

        WebhookChannelTests.Outcome(result).ShouldBe("later");
        result.Reason.ShouldNotContain("hush");
    }

    [Fact]
    public void Its_address_is_a_secret()
    {
        var shown = channel.Show(settings);

        shown.GetRawText().ShouldBe("""{"url":"https://hooks.slack.com/********"}""");
        channel.Accept(shown, settings).ShouldBe(settings);
        channel.Accept(Json("{}"), settings).ShouldBe(settings);
    }

    [Theory]
    [Trait("Demand", "S1-6")]
    [InlineData("""{}""")]
    [InlineData("""{"url":"http://hooks.slack.com/services/T0/B0/x"}""")]
    [InlineData("""{"url":"https://hooks.slack.com.evil.example/services/T0/B0/x"}""")]
    [InlineData("""{"url":"https://evil.example/hooks.slack.com/services"}""")]
    [InlineData("""{"url":"https://hooks.slack.com@evil.example/services"}""")]
    [InlineData("""{"url":"https://chat.example.org/hooks/x","allowHost":"chat.example.com"}""")]
    [InlineData("""{"url":"https://127.0.0.1/hooks/x","allowHost":"127.0.0.1"}""")]
    public void Only_Slack_and_a_host_that_an_admin_allows_are_posted_to(string wrong)
    {
        var refusal = Should.Throw<InvalidRequestException>(() => channel.Accept(Json(wrong), null));

        refusal.Message.ShouldNotContain("evil");
    }

    [Fact]
    public async Task An_allowed_host_gets_the_same()
    {
        const string other = "https://chat.example.org/hooks/hush";
        var allowed = channel.Accept(Json($$"""{"url":"{{other}}","allowHost":"Chat.Example.org"}"""), null);
        fake.Answer("POST", other, 200, "ok", "text/plain");

        (await channel.SendAsync(allowed, Notes.Message(), default)).IsSent.ShouldBeTrue();

        channel.Show(allowed).GetRawText().ShouldBe("""{"url":"https://chat.example.org/********","allowHost":"Chat.Example.org"}""");
        channel.Accept(channel.Show(allowed), allowed).ShouldBe(allowed);
    }

    async Task<JsonElement> SentAsync(Notice notice)
    {
        fake.Answer("POST", Url, 200, "ok", "text/plain");
        (await channel.SendAsync(settings, Notes.Message(notice), default)).IsSent.ShouldBeTrue();
        return JsonDocument.Parse(fake.Sent.Single().Body).RootElement;
    }

    /// <summary>Every text that Slack would show, in reading order.</summary>
    static List<string> Texts(JsonElement body) =>
        [.. body.GetProperty("blocks").EnumerateArray().Concat(body.GetProperty("attachments")[0].GetProperty("blocks").EnumerateArray())
            .SelectMany(block => block.TryGetProperty("fields", out var fields) ? fields.EnumerateArray().ToArray() : [block.GetProperty("text")])
            .Select(text => text.GetProperty("text").GetString()!)];

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
