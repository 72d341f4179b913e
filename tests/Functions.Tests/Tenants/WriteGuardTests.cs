using System.Net;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Tenants;

public sealed class WriteGuardTests : IAsyncLifetime
{
    TenantsApp _app = null!;
    string _cookie = null!;

    public async Task InitializeAsync()
    {
        _app = await TenantsApp.StartAsync();
        var admin = await _app.Get<UserStore>().FindAsync("admin", default);
        _cookie = "wd=" + await _app.Get<Sessions>().BeginAsync(admin!, _app.Now, default);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_write_by_cookie_needs_the_token()
    {
        var page = await _app.SendAsync("GET", "/token", cookie: _cookie);
        var token = await page.Content.ReadAsStringAsync();
        var both = _cookie + "; " + page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        (await _app.SendAsync("POST", "/api/v1/write", cookie: both)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _app.SendAsync("POST", "/api/v1/write", cookie: _cookie, headers: ("RequestVerificationToken", token))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _app.SendAsync("POST", "/api/v1/write", cookie: both, headers: ("RequestVerificationToken", token))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_token_of_another_person_is_refused()
    {
        var eve = await _app.AddUserAsync("eve@example.org", Role.Admin);
        var eves = "wd=" + await _app.Get<Sessions>().BeginAsync(eve, _app.Now, default);
        var page = await _app.SendAsync("GET", "/token", cookie: eves);
        var token = await page.Content.ReadAsStringAsync();
        var mixed = _cookie + "; " + page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        (await _app.SendAsync("POST", "/api/v1/write", cookie: mixed, headers: ("RequestVerificationToken", token))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.OK)]
    [InlineData("none", HttpStatusCode.OK)]
    public async Task A_browsers_remembered_basic_cannot_be_used_by_another_site(string site, HttpStatusCode status)
    {
        (await _app.SendAsync("POST", "/api/v1/write", basic: "admin:" + TenantsApp.AdminPassword, headers: ("Sec-Fetch-Site", site))).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_key_needs_no_token()
    {
        (await _app.SendAsync("POST", "/api/v1/write", bearer: await _app.KeyAsync(Role.Admin, Scopes.All))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
