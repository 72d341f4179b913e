using System.Text.Json;
using Watchdesk.Notices;
using Watchdesk.Notices.Teams;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class TeamsChannelTests : IDisposable
{
    const string Url = "https://prod-1.westeurope.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=hush";

    readonly FakeHttp fake = new();
    readonly OutgoingHttp http;
    readonly TeamsChannel channel;
    readonly string settings;

    public TeamsChannelTests()
    {
        http = new OutgoingHttp(fake, isEmbedded: false);
        channel = new TeamsChannel(http);
        settings = channel.Accept(JsonDocument.Parse($$"""{"url":"{{Url}}"}""").RootElement, null);
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task It_posts_one_adaptive_card()
    {
        var card = await SentCardAsync(Notes.Message());

        card.GetProperty("type").GetString().ShouldBe("AdaptiveCard");
        card.GetProperty("version").GetString().ShouldBe("1.4");
        card.GetProperty("fallbackText").GetString().ShouldBe("ATTENTION nightly-backup: no success for 25 min, expected by 21:40");
        Texts(card)[..4].ShouldBe(
            ["ATTENTION nightly-backup", "No success for 25 min; expected by 21:40.", "Since: 2026-11-20 21:40 UTC (25 min ago)", "Last good: 2026-11-19 22:05 UTC (1 d ago)"]);
        card.GetProperty("actions")[0].GetProperty("url").GetString().ShouldBe("https://desk.example.org/incidents/0193f0c0000070008000000000000001");
    }

    [Fact]
    public async Task It_stays_under_28_KB_whatever_it_says()
    {
        var lines = Enumerable.Range(0, 200).Select(i => $"{i} " + string.Concat(Enumerable.Repeat("火", 400))).ToList();

        var card = await SentCardAsync(Notes.Message(Notes.Notice(lines: lines, name: new string('火', 200), reason: new string('火', 1000))));

        Texts(card)[^1].ShouldEndWith("more lines on the desk");
    }

    [Fact]
    public async Task Text_of_a_job_is_no_markup()
    {
        var card = await SentCardAsync(Notes.Message(Notes.Notice(name: "[click](https://evil.example)")));

        card.GetProperty("body").EnumerateArray().ShouldAllBe(block => block.GetProperty("type").GetString() == "RichTextBlock");
    }

    [Theory]
    [InlineData(202, "sent")]
    [InlineData(400, "refused")]
    [InlineData(404, "broken")]
    [InlineData(413, "refused")]
    [InlineData(429, "later 30")]
    [InlineData(502, "later")]
    public async Task What_a_status_means(int status, string expected)
    {
        fake.Answer("POST", Url, status, headers: status == 429 ? ["Retry-After: 30"] : []);

        WebhookChannelTests.Outcome(await channel.SendAsync(settings, Notes.Message(), default)).ShouldBe(expected);
    }

    [Fact]
    public void Its_address_is_a_secret()
    {
        var shown = channel.Show(settings);

        shown.GetRawText().ShouldBe("""{"url":"https://prod-1.westeurope.logic.azure.com/********"}""");
        channel.Accept(shown, settings).ShouldBe(settings);
    }

    async Task<JsonElement> SentCardAsync(Message message)
    {
        fake.Answer("POST", Url, 202);
        (await channel.SendAsync(settings, message, default)).IsSent.ShouldBeTrue();
        var sent = fake.Sent.Single();
        sent.Body.Length.ShouldBeLessThanOrEqualTo(TeamsCard.MaxBytes);
        var body = JsonDocument.Parse(sent.Body).RootElement;
        body.GetProperty("type").GetString().ShouldBe("message");
        var attachment = body.GetProperty("attachments").EnumerateArray().Single();
        attachment.GetProperty("contentType").GetString().ShouldBe("application/vnd.microsoft.card.adaptive");
        return attachment.GetProperty("content");
    }

    static List<string> Texts(JsonElement card) =>
        [.. card.GetProperty("body").EnumerateArray().Select(block => block.GetProperty("inlines")[0].GetProperty("text").GetString()!)];
}
