using System.Net;
using System.Text;
using System.Text.Json;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class DeskAuthenticationTests : IAsyncLifetime
{
    TenantsApp _app = null!;

    public async Task InitializeAsync() => _app = await TenantsApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_key_is_recognised()
    {
        var answer = await _app.SendAsync("GET", "/api/v1/read", bearer: await _app.KeyAsync(Role.Reader, Scopes.Read));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("key test");
    }

    [Theory]
    [InlineData("wd_000000000000_00000000000000000000000000000000")]
    [InlineData("wd_short")]
    [InlineData("not a key at all")]
    public async Task A_wrong_key_is_refused_as_a_problem(string key)
    {
        var answer = await _app.SendAsync("GET", "/api/v1/read", bearer: key);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.WwwAuthenticate.ShouldBeEmpty();
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("requestId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_key_with_one_wrong_character_is_refused()
    {
        var key = await _app.KeyAsync(Role.Admin, Scopes.All);
        var wrong = key[..^1] + (key[^1] == 'a' ? 'b' : 'a');

        (await _app.SendAsync("GET", "/api/v1/read", bearer: key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _app.SendAsync("GET", "/api/v1/read", bearer: wrong)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_wrong_key_does_not_fall_back_on_a_good_cookie()
    {
        var admin = await _app.Get<UserStore>().FindAsync("admin", default);
        var cookie = "wd=" + await _app.Get<Sessions>().BeginAsync(admin!, _app.Now, default);

        (await _app.SendAsync("GET", "/api/v1/read", cookie: cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _app.SendAsync("GET", "/api/v1/read", bearer: "wd_wrong", cookie: cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("admin:correct horse", HttpStatusCode.OK)]
    [InlineData("ADMIN:correct horse", HttpStatusCode.Unauthorized)]
    [InlineData("admin:Correct horse", HttpStatusCode.Unauthorized)]
    [InlineData("admin:", HttpStatusCode.Unauthorized)]
    [InlineData("nobody@example.org:correct horse", HttpStatusCode.Unauthorized)]
    [InlineData(":correct horse", HttpStatusCode.Unauthorized)]
    public async Task Basic_is_checked_against_the_local_account(string pair, HttpStatusCode status)
    {
        var answer = await _app.SendAsync("GET", "/api/v1/read", basic: pair);

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_mail_address_signs_in_in_any_case()
    {
        await _app.AddUserAsync("eve@example.org", Role.Reader, "a good password");

        (await _app.SendAsync("GET", "/api/v1/read", basic: "Eve@Example.org:a good password")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_password_ends_the_memory_of_the_old_one()
    {
        var eve = await _app.AddUserAsync("eve@example.org", Role.Reader, "a good password");
        (await _app.SendAsync("GET", "/api/v1/read", basic: "eve@example.org:a good password")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _app.Get<UserStore>().ChangeAsync(eve.Tenant, eve.Id, user => user with { PasswordHash = Passwords.Hash("another password") }, default);

        (await _app.SendAsync("GET", "/api/v1/read", basic: "eve@example.org:a good password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_disabled_account_is_refused_everywhere()
    {
        var eve = await _app.AddUserAsync("eve@example.org", Role.Reader, "a good password");
        var cookie = "wd=" + await _app.Get<Sessions>().BeginAsync(eve, _app.Now, default);

        await _app.Get<UserStore>().ChangeAsync(eve.Tenant, eve.Id, user => user with { IsDisabled = true }, default);

        (await _app.SendAsync("GET", "/api/v1/read", basic: "eve@example.org:a good password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.SendAsync("GET", "/api/v1/read", cookie: cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Six_wrong_passwords_make_the_next_one_wait()
    {
        for (var i = 0; i < 5; i++)
        {
            (await _app.SendAsync("GET", "/api/v1/read", basic: "admin:wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var answer = await _app.SendAsync("GET", "/api/v1/read", basic: "admin:correct horse");
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));

        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _app.SendAsync("GET", "/api/v1/read", basic: "admin:correct horse")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_the_old_seed_api_asks_a_browser_for_basic()
    {
        (await _app.SendAsync("GET", "/api/v1.0/chat")).Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic realm=");
        (await _app.SendAsync("GET", "/api/v1/read")).Headers.WwwAuthenticate.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_leads_to_sign_in_and_back()
    {
        var answer = await _app.SendAsync("GET", "/page?show=all");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/sign-in?to=%2Fpage%3Fshow%3Dall");
    }

    [Fact]
    public async Task Nobody_without_a_proof_costs_a_look_at_storage()
    {
        await _app.SendAsync("GET", "/page");
        await _app.SendAsync("GET", "/open", bearer: await _app.KeyAsync(Role.Reader, Scopes.Read));
        _app.Tables.ResetCounts();

        await _app.SendAsync("GET", "/page");
        await _app.SendAsync("GET", "/api/v1/read");
        await _app.SendAsync("GET", "/open", bearer: "wd_000000000000_00000000000000000000000000000000");

        _app.Tables.Counts.ShouldBe(new TableCounts(0, 0, 0, 0));
    }

    [Theory]
    [InlineData("/open", "nobody")]
    [InlineData("/seeing", "key test")]
    public async Task An_open_address_sees_the_caller_only_when_it_asks(string path, string name)
    {
        var answer = await _app.SendAsync("GET", path, bearer: await _app.KeyAsync(Role.Reader, Scopes.Read));

        (await answer.Content.ReadAsStringAsync()).ShouldBe(name);
    }

    [Fact]
    public async Task The_entra_header_is_not_believed_unless_both_switches_say_so()
    {
        var header = Principal("d1", "o1", "eve@example.org");
        await using var platformOnly = await TenantsApp.StartAsync(entraByPlatform: true, firstAdmin: "o1");
        await using var settingOnly = await TenantsApp.StartAsync(entraBySetting: true, firstAdmin: "o1");

        foreach (var app in new[] { _app, platformOnly, settingOnly })
        {
            (await app.SendAsync("GET", "/api/v1/read", headers: ("X-MS-CLIENT-PRINCIPAL", header))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_first_admin_opens_the_desk_to_the_people_of_the_directory_who_are_invited()
    {
        await using var app = await TenantsApp.StartAsync(entraByPlatform: true, entraBySetting: true, firstAdmin: "o1");
        await app.AddUserAsync("eve@example.org", Role.Operator);

        (await Status(app, "d1", "o2", "eve@example.org")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(app, "d1", "o1", "boss@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status(app, "d1", "o2", "eve@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status(app, "d1", "o2", "renamed@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status(app, "d1", "o3", "eve@example.org")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(app, "d1", "o4", "mallory@example.org")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(app, "d2", "o5", "eve@example.org")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("W10=")]
    [InlineData("eyJjbGFpbXMiOlsxLG51bGwseyJ0eXAiOjV9XX0=")]
    public async Task A_broken_entra_header_is_nobody(string header)
    {
        await using var app = await TenantsApp.StartAsync(entraByPlatform: true, entraBySetting: true);

        (await app.SendAsync("GET", "/api/v1/read", headers: ("X-MS-CLIENT-PRINCIPAL", header))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    static async Task<HttpStatusCode> Status(TenantsApp app, string directory, string id, string mail) =>
        (await app.SendAsync("GET", "/api/v1/read", headers: ("X-MS-CLIENT-PRINCIPAL", Principal(directory, id, mail)))).StatusCode;

    static string Principal(string directory, string id, string mail) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        $$"""
        {"auth_typ":"aad","claims":[
          {"typ":"http://schemas.microsoft.com/identity/claims/tenantid","val":"{{directory}}"},
          {"typ":"http://schemas.microsoft.com/identity/claims/objectidentifier","val":"{{id}}"},
          {"typ":"preferred_username","val":"{{mail}}"}]}
        """));
}
