using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Incidents;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

/// <summary>Somebody adds a browser and is told in it; when it is gone it is told no more.</summary>
public sealed class PushDevicesTests : IAsyncLifetime
{
    readonly PushService _push = new();
    TestApp _app = null!;
    Pages.Browser _eve = null!;
    string _incident = "";

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(builder => builder.Services.RemoveAll<OutgoingHttp>().AddSingleton(new OutgoingHttp(_push, isEmbedded: false)));
        _eve = await Pages.Browser.SignedInAsync(_app, Role.Responder);
        await _app.Services.GetRequiredService<IncidentDesk>().TellAsync(Tenant.Main, [A.Bad("a")], _app.Clock.GetUtcNow(), default);
        await _app.SettleAsync();
        using var api = await _app.SignedInAsync();
        _incident = (await Api.SendAsync(api, "GET", "/api/v1/incidents")).Body.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    public async Task DisposeAsync()
    {
        _eve.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    [Trait("Demand", "S4-20")]
    public async Task Who_is_given_an_incident_is_told_in_the_browser()
    {
        await AddAsync();

        await GiveAsync();

        var (text, claims, headers) = _push.Got.ShouldHaveSingleItem();
        using var payload = JsonDocument.Parse(text);
        payload.RootElement.GetProperty("title").GetString()!.ShouldStartWith("Yours now: ");
        payload.RootElement.GetProperty("url").GetString().ShouldBe("/incidents/" + _incident);
        (headers["TTL"], headers["Urgency"], headers["Topic"].Length).ShouldBe(("86400", "high", 32));
        claims.GetProperty("aud").GetString().ShouldBe("https://push.example.net");
        _eve.Html.ShouldContain(KeyOf(headers["Authorization"]), customMessage: "the page gives browsers the key that signs");
    }

    [Theory]
    [InlineData(HttpStatusCode.Gone,                true)]
    [InlineData(HttpStatusCode.NotFound,            true)]
    [InlineData(HttpStatusCode.ServiceUnavailable,  false)]
    public async Task A_browser_that_is_gone_is_removed_and_one_that_cannot_be_reached_is_tried_again(HttpStatusCode answer, bool isGone)
    {
        await AddAsync();
        _push.Answer = answer;

        await GiveAsync();
        _push.Answer = HttpStatusCode.Created;
        await _app.AdvanceAsync(TimeSpan.FromMinutes(5));

        _push.Got.Count.ShouldBe(isGone ? 1 : 2);
        await _eve.OpenAsync("/notices");
        _eve.Html.Contains("Remove my telephone", StringComparison.Ordinal).ShouldBe(!isGone);
        _eve.Html.Contains("has ended its subscription", StringComparison.Ordinal).ShouldBe(isGone);
    }

    [Fact]
    public async Task It_is_removed_by_its_owner_and_neither_its_address_nor_its_secret_is_shown_or_stored_in_the_clear()
    {
        await AddAsync();
        _eve.Html.ShouldNotContain("push.example.net");
        _eve.Html.ShouldNotContain(PushService.Auth);
        foreach (var row in _app.Tables.Rows(Tables.Channels).Concat(_app.Tables.Rows(Tables.Meta)))
        {
            string.Join(' ', row.Values.Select(value => value.Value)).ShouldNotContain("push.example.net");
        }

        var action = _eve.Html.Split("action=\"").Select(part => part[..part.IndexOf('"')]).First(path => path.StartsWith("/notices/devices/", StringComparison.Ordinal));
        (await _eve.SubmitAsync(action)).ShouldBe(HttpStatusCode.SeeOther);
        await GiveAsync();
        _push.Got.ShouldBeEmpty();
    }

    [Fact]
    public async Task Preferences_for_mail_leave_browsers_alone()
    {
        await AddAsync();
        (await _eve.SubmitAsync("/notices/mine", ("when", "off"), ("to", ""), ("level", "warning"))).ShouldBe(HttpStatusCode.SeeOther);

        await GiveAsync();

        _push.Got.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_keeps_to_the_quiet_hours_of_mail()
    {
        await AddAsync();
        (await _eve.SubmitAsync("/notices/mine", ("when", "off"), ("to", ""), ("level", "warning"), ("quietFrom", "07:00"), ("quietTo", "12:00"), ("timeZone", "UTC"))).ShouldBe(HttpStatusCode.SeeOther);

        await GiveAsync();
        _push.Got.ShouldBeEmpty();

        await _app.AdvanceAsync(TimeSpan.FromHours(4));
        _push.Got.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("p256dh",   "BCVx",                             "subscription names")]
    [InlineData("auth",     "BTBZ",                             "subscription names")]
    [InlineData("endpoint", "http://push.example.net/x",        "must begin with https://")]
    [InlineData("endpoint", "https://10.0.0.1/x",               "private network")]
    [InlineData("name",     "",                                 "what you call this browser")]
    public async Task What_no_browser_says_is_refused(string field, string value, string wrong)
    {
        await _eve.OpenAsync("/notices");

        (await _eve.SubmitAsync("/notices/devices", Fields().Select(pair => pair.Name == field ? (field, value) : pair).ToArray())).ShouldBe(HttpStatusCode.BadRequest);

        _eve.Html.ShouldContain(wrong);
    }

    async Task AddAsync()
    {
        await _eve.OpenAsync("/notices");
        (await _eve.SubmitAsync("/notices/devices", Fields())).ShouldBe(HttpStatusCode.SeeOther);
        await _eve.OpenAsync(_eve.Location!);
        _eve.Html.ShouldContain("Remove my telephone");
    }

    async Task GiveAsync()
    {
        using var api = await _app.SignedInAsync();
        (await Api.SendAsync(api, "POST", $"/api/v1/incidents/{_incident}/assign", """{"user":"eve@example.org"}""")).Status.ShouldBe(HttpStatusCode.OK);
        await _app.SettleAsync();
    }

    static (string Name, string Value)[] Fields() => [("name", "my telephone"), ("endpoint", PushService.Endpoint), ("p256dh", PushService.P256dh), ("auth", PushService.Auth)];

    static string KeyOf(string authorization) => authorization[(authorization.IndexOf("k=", StringComparison.Ordinal) + 2)..];
}
