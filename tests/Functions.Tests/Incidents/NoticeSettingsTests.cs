using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Incidents;

/// <summary>Reminders and digests as people set them, through the API and the settings page, and the tick that sends them.</summary>
public sealed class NoticeSettingsTests : IAsyncLifetime
{
    readonly NotePad sent = new();
    TestApp app = null!;
    HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<INoticeChannel>(sent));
        admin = await app.SignedInAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Reminders_come_every_4_hours_unless_somebody_sets_something_else()
    {
        await ChannelAsync("""{"kind":"note","name":"ops","settings":{}}""");
        (await Api.SendAsync(admin, "GET", "/api/v1/notices/settings")).Body.GetRawText().ShouldBe("""{"remindEvery":"04:00:00"}""");
        await app.Services.GetRequiredService<IncidentDesk>().TellAsync("main", [A.Bad("a")], app.Clock.GetUtcNow(), default);
        await app.SettleAsync();

        await app.AdvanceAsync(TimeSpan.FromMinutes(15));
        await app.AdvanceAsync(TimeSpan.FromMinutes(225));
        sent.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened, NoticeKind.Reminder]);

        (await Api.SendAsync(admin, "PUT", "/api/v1/notices/settings", """{"remindEvery":"00:00:00"}""")).Status.ShouldBe(HttpStatusCode.OK);
        await app.AdvanceAsync(TimeSpan.FromDays(2));
        sent.Messages.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"remindEvery":"00:14:59"}""",   "remindEvery is 00:15:00 to 7.00:00:00, or 00:00:00 for no reminders.")]
    [InlineData("""{"remindEvery":"7.00:00:01"}""", "remindEvery is 00:15:00 to 7.00:00:00, or 00:00:00 for no reminders.")]
    [InlineData("""{"remindEvery":"-04:00:00"}""",  "remindEvery is 00:15:00 to 7.00:00:00, or 00:00:00 for no reminders.")]
    [InlineData("""{"every":"04:00:00"}""",         "The member every is not known here. Remove it or correct its name.")]
    public async Task An_interval_out_of_bounds_is_refused(string request, string detail)
    {
        var (status, problem) = await Api.SendAsync(admin, "PUT", "/api/v1/notices/settings", request);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldBe(detail);
    }

    [Fact]
    public async Task Only_an_admin_sets_it()
    {
        using var responder = await app.SignedInAsync(Role.Responder);

        (await Api.SendAsync(responder, "GET", "/api/v1/notices/settings")).Status.ShouldBe(HttpStatusCode.OK);
        (await Api.SendAsync(responder, "PUT", "/api/v1/notices/settings", """{"remindEvery":"00:00:00"}""")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_digest_is_asked_for_with_a_channel_and_comes_through_the_outbox()
    {
        var channel = await ChannelAsync("""{"kind":"note","name":"ops","settings":{},"digest":{"at":"09:30","timeZone":"Europe/Berlin"}}""");
        channel.GetProperty("digest").GetRawText().ShouldBe("""{"at":"09:30","timeZone":"Europe/Berlin"}""");
        await app.Services.GetRequiredService<IncidentDesk>().TellAsync("main", [A.Bad("a", 1, Severity.Warning)], app.Clock.GetUtcNow(), default);
        await app.SettleAsync();

        await app.AdvanceAsync(TimeSpan.FromMinutes(30));

        sent.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened, NoticeKind.Digest]);
        var listed = (await Api.SendAsync(admin, "GET", "/api/v1/notices")).Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("why").GetString());
        listed.ShouldContain("it gets a digest every day at 09:30");

        await Api.SendAsync(admin, "PUT", $"/api/v1/channels/{channel.GetProperty("id").GetString()}", """{"name":"ops"}""");
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        sent.Messages.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"at":"25:00"}""",                       "at: is a time of day such as \"09:00\".")]
    [InlineData("""{"at":"09:00","timeZone":"Nowhere"}""",  "timeZone: \"Nowhere\" is not an IANA time zone such as \"Europe/Berlin\".")]
    public async Task A_time_that_does_not_exist_is_refused(string digest, string detail)
    {
        var (status, problem) = await Api.SendAsync(admin, "POST", "/api/v1/channels", $$"""{"kind":"note","name":"ops","settings":{},"digest":{{digest}}}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldBe(detail);
    }

    [Fact]
    public async Task Both_are_set_on_the_settings_page()
    {
        using var browser = await Pages.Browser.SignedInAsync(app);
        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("<option value=\"04:00:00\" selected>after 4 h</option>");

        (await browser.SubmitAsync("/settings/reminders", ("every", "01:00:00"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/settings");
        (await browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://hooks.slack.com/services/T0/B0/x"), ("level", "info"), ("digestAt", "09:00"), ("timeZone", "Europe/Paris"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/settings");
        (await browser.SubmitAsync("/settings/channels/slack", ("name", "Ops"), ("url", "https://hooks.slack.com/services/T0/B0/x"), ("level", "info"), ("digestAt", "09:00"), ("timeZone", "Paris"))).ShouldBe(HttpStatusCode.BadRequest);

        browser.Html.ShouldContain("is not an IANA time zone");
        browser.Html.ShouldContain("digest every day at 09:00 Europe/Paris");
        browser.Html.ShouldContain("<option value=\"01:00:00\" selected>after 1 h</option>");
    }

    async Task<JsonElement> ChannelAsync(string request)
    {
        var (status, channel) = await Api.SendAsync(admin, "POST", "/api/v1/channels", request);
        status.ShouldBe(HttpStatusCode.Created);
        return channel;
    }
}
