using System.Net;
using System.Text.Json;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Tenants;

public sealed class DeskAuthorizationTests : IAsyncLifetime
{
    TenantsApp _app = null!;

    public async Task InitializeAsync() => _app = await TenantsApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(Role.None,      Scopes.Ping,                  false, false, false, true)]
    [InlineData(Role.None,      Scopes.None,                  false, false, false, false)]
    [InlineData(Role.None,      Scopes.All,                   false, false, false, true)]
    [InlineData(Role.Reader,    Scopes.Read,                  true,  false, false, false)]
    [InlineData(Role.Reader,    Scopes.All,                   true,  false, false, true)]
    [InlineData(Role.Responder, Scopes.Read | Scopes.Write,   true,  true,  false, false)]
    [InlineData(Role.Operator,  Scopes.Write,                 false, true,  false, false)]
    [InlineData(Role.Approver,  Scopes.Read | Scopes.Write,   true,  true,  false, false)]
    [InlineData(Role.Admin,     Scopes.Read,                  true,  false, false, false)]
    [InlineData(Role.Admin,     Scopes.Admin,                 false, false, true,  false)]
    [InlineData(Role.Admin,     Scopes.All,                   true,  true,  true,  true)]
    public async Task A_key_may_what_both_its_role_and_its_scopes_allow(Role role, Scopes scopes, bool read, bool write, bool rule, bool ping)
    {
        var key = await _app.KeyAsync(role, scopes);

        (await MayAsync("GET", "/api/v1/read", bearer: key)).ShouldBe(read);
        (await MayAsync("POST", "/api/v1/write", bearer: key)).ShouldBe(write);
        (await MayAsync("POST", "/api/v1/rule", bearer: key)).ShouldBe(rule);
        (await MayAsync("POST", "/api/v1/ping", bearer: key)).ShouldBe(ping);
    }

    [Theory]
    [InlineData(Role.None,      false, false, false, false)]
    [InlineData(Role.Reader,    true,  false, false, false)]
    [InlineData(Role.Responder, true,  true,  false, true)]
    [InlineData(Role.Operator,  true,  true,  false, true)]
    [InlineData(Role.Approver,  true,  true,  false, true)]
    [InlineData(Role.Admin,     true,  true,  true,  true)]
    public async Task A_person_may_what_the_role_allows(Role role, bool read, bool write, bool rule, bool ping)
    {
        await _app.AddUserAsync("eve@example.org", role, "a good password");
        const string Basic = "eve@example.org:a good password";

        (await MayAsync("GET", "/api/v1/read", basic: Basic)).ShouldBe(read);
        (await MayAsync("POST", "/api/v1/write", basic: Basic)).ShouldBe(write);
        (await MayAsync("POST", "/api/v1/rule", basic: Basic)).ShouldBe(rule);
        (await MayAsync("POST", "/api/v1/ping", basic: Basic)).ShouldBe(ping);
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_closed_to_all()
    {
        (await _app.SendAsync("GET", "/forgotten", bearer: await _app.KeyAsync(Role.Admin, Scopes.All))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.SendAsync("GET", "/forgotten")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_rather_than_forbidden()
    {
        (await _app.SendAsync("GET", "/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/v1/rule",  Role.Reader, Scopes.All,  "This needs the role admin; key test is reader.")]
    [InlineData("/api/v1/write", Role.Admin,  Scopes.Read, "This needs the scope write; key test has read.")]
    public async Task A_refusal_names_what_is_missing(string path, Role role, Scopes scopes, string detail)
    {
        var answer = await _app.SendAsync("POST", path, bearer: await _app.KeyAsync(role, scopes));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("detail").GetString().ShouldBe(detail);
    }

    async Task<bool> MayAsync(string method, string path, string? bearer = null, string? basic = null)
    {
        var status = (await _app.SendAsync(method, path, bearer, basic)).StatusCode;
        status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Forbidden);
        return status == HttpStatusCode.OK;
    }
}
