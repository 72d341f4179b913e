using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class SettingsPagesTests
{
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
        await using var app = await TestApp.StartAsync();
        using var browser = await Browser.SignedInAsync(app);
        await browser.OpenAsync("/settings");

        (await browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://chat.example.org/x"), ("level", "info"))).ShouldBe(HttpStatusCode.BadRequest);
        browser.Html.ShouldContain("An admin can name another host in allowHost.");
        (await browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://hooks.slack.com/services/T0/B0/hush"), ("level", "info"))).ShouldBe(HttpStatusCode.SeeOther);

        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("https://hooks.slack.com/********");
        browser.Html.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_channel_is_changed_with_its_secret_kept_and_what_failed_is_sent_again()
    {
        var channel = new DeafChannel();
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.Services.RemoveAll<INoticeChannel>();
            builder.Services.AddSingleton<INoticeChannel>(channel);
        });
        using var browser = await Browser.SignedInAsync(app);
        await browser.OpenAsync("/settings");
        await browser.SubmitAsync("/settings/channels/webhook", ("name", "Hook"), ("url", "https://a.example"), ("level", "info"));
        await browser.OpenAsync("/settings");
        var path = "/settings/channels/" + PathAfter(browser.Html, "href=\"/settings/channels/", "0123456789abcdef");
        await browser.OpenAsync(path);
        browser.Html.ShouldContain("No notice went this way yet");

        var (_, ping) = await app.JobAsync("Backup");
        await app.PingAsync(ping);
        await app.AdvanceAsync(TimeSpan.FromMinutes(30));
        await browser.OpenAsync(path);
        browser.Html.ShouldContain("It did not listen.");
        browser.Html.ShouldContain("0 sent, 0 waiting, 1 failed");

        (await browser.SubmitAsync(path + "/save", ("name", "Ops"), ("url", ""), ("level", "critical"), ("enabled", "on"))).ShouldBe(HttpStatusCode.SeeOther);
        channel.Listens = true;
        await browser.OpenAsync(path);
        browser.Html.ShouldContain("Ops");
        (await browser.SubmitAsync(path + "/retry")).ShouldBe(HttpStatusCode.SeeOther);
        browser.Location.ShouldEndWith("?done=again");
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));

        await browser.OpenAsync(path);
        browser.Html.ShouldContain("1 sent, 0 waiting, 0 failed");
        channel.SentTo.ShouldBe("https://a.example");
    }

    /// <summary>The first text of these characters, as long as an id, after the mark.</summary>
    static string PathAfter(string html, string mark, string characters) =>
        html.Split(mark).Skip(1).Select(rest => string.Concat(rest.TakeWhile(characters.Contains))).First(text => text.Length == 32);

    sealed class DeafChannel : INoticeChannel
    {
        public bool Listens { get; set; }

        public string? SentTo { get; private set; }

        public string Kind => "webhook";

        public string Accept(JsonElement settings, string? stored) =>
            !settings.TryGetProperty("url", out var url) || url.GetString() is not { } text ? stored! : text.StartsWith("https://", StringComparison.Ordinal) ? settings.GetRawText() : throw new InvalidRequestException("That is no address.");

        public JsonElement Show(string settings) => JsonDocument.Parse(settings).RootElement;

        public Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken) => Task.FromResult(Listens ? Heard(settings) : SendResult.Never("It did not listen."));

        SendResult Heard(string settings)
        {
            SentTo = JsonDocument.Parse(settings).RootElement.GetProperty("url").GetString();
            return SendResult.Sent("Heard.");
        }
    }
}
