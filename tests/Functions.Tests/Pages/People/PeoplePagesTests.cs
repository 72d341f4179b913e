using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;
using Watchdesk.Tests.Tenants.People;

namespace Watchdesk.Tests.Pages.People;

[Trait("Demand", "US006")]
[Trait("Demand", "S3-17")]
public sealed partial class PeoplePagesTests : IAsyncLifetime
{
    TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(builder => PeopleCalls.SignUpIs(builder, "invite"));

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Invited_signed_up_changed_seen_and_gone_through_the_pages()
    {
        using var admin = await Browser.SignedInAsync(_app, login: "root@example.org");
        await admin.OpenAsync("/people");
        (await admin.SubmitAsync("/people/invitations", ("email", "bob@example.org"), ("role", "responder"))).ShouldBe(HttpStatusCode.OK);
        var link = WebUtility.HtmlDecode(Link().Match(admin.Html).Value);

        using var bob = new Browser(_app);
        (await bob.OpenAsync(link)).ShouldBe(HttpStatusCode.OK);
        (await bob.SubmitAsync("/sign-up", ("email", "bob@example.org"), ("name", ""), ("password", PeopleCalls.Password))).ShouldBe(HttpStatusCode.BadRequest);
        bob.Html.ShouldContain("Required and missing: name.");
        bob.Html.ShouldNotContain(PeopleCalls.Password);
        (await bob.SubmitAsync("/sign-up", ("email", "bob@example.org"), ("name", "Bob <b>"), ("password", PeopleCalls.Password))).ShouldBe(HttpStatusCode.SeeOther);
        (await bob.OpenAsync(bob.Location!)).ShouldBe(HttpStatusCode.OK);
        bob.Html.ShouldContain("Welcome.");

        (await bob.SubmitAsync("/profile", ("name", "Robert"), ("email", "bob@example.org"), ("slackUser", "U7"), ("riaId", "7"))).ShouldBe(HttpStatusCode.SeeOther);
        await bob.OpenAsync("/people");
        bob.Html.ShouldContain("Robert");
        bob.Html.ShouldNotContain("action=\"/people/invitations\"");
        (await bob.PostAsync("/people/groups", ("name", "mine"))).ShouldBe(HttpStatusCode.Forbidden);

        await bob.OpenAsync("/profile");
        (await bob.SubmitAsync("/profile/delete", ("confirm", "bob"))).ShouldBe(HttpStatusCode.BadRequest);
        (await bob.SubmitAsync("/profile/delete", ("confirm", "bob@example.org"))).ShouldBe(HttpStatusCode.SeeOther);
        (await bob.OpenAsync("/profile")).ShouldBe(HttpStatusCode.Redirect);
        await admin.OpenAsync("/people");
        admin.Html.ShouldNotContain("bob@example.org");
    }

    [Fact]
    [Trait("Demand", "S3-20")]
    public async Task A_new_password_ends_every_other_session()
    {
        using var admin = await _app.SignedInAsync();
        await admin.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve);
        using var here = await SignedInAsync(PeopleCalls.Password);
        using var there = await SignedInAsync(PeopleCalls.Password);
        await here.OpenAsync("/profile");
        here.Html.ShouldContain("this browser");
        _app.Clock.Advance(TimeSpan.FromSeconds(1));

        (await here.SubmitAsync("/profile/password", ("current", "not that one"), ("password", "another password"))).ShouldBe(HttpStatusCode.BadRequest);
        (await here.SubmitAsync("/profile/password", ("current", PeopleCalls.Password), ("password", "another password"))).ShouldBe(HttpStatusCode.SeeOther);

        (await here.OpenAsync("/profile")).ShouldBe(HttpStatusCode.OK);
        (await there.OpenAsync("/profile")).ShouldBe(HttpStatusCode.Redirect);
        using var again = await SignedInAsync("another password");
        await here.OpenAsync("/profile");
        var ends = EndSession().Matches(here.Html).Select(match => match.Value).Distinct().ToList();
        ends.Count.ShouldBe(2);
        await again.OpenAsync("/profile");
        var own = EndSession().Match(again.Html[..again.Html.IndexOf("</tr>", again.Html.IndexOf("this browser", StringComparison.Ordinal), StringComparison.Ordinal)], again.Html.IndexOf("this browser", StringComparison.Ordinal)).Value;
        (await here.SubmitAsync(own)).ShouldBe(HttpStatusCode.SeeOther);
        (await again.OpenAsync("/profile")).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Cloud_credentials_are_written_and_never_shown()
    {
        using var eve = await Browser.SignedInAsync(_app, Role.Reader);
        await eve.OpenAsync("/profile");
        await eve.SubmitAsync("/profile/cloud", ("region", "eu-central-1"), ("awsAccessKeyId", "AKIA77"), ("awsSecretAccessKey", "secret77"));
        await eve.OpenAsync("/profile");

        eve.Html.ShouldContain("stored for eu-central-1");
        eve.Html.ShouldNotContain("AKIA77");
        eve.Html.ShouldNotContain("secret77");
        (await eve.SubmitAsync("/profile/cloud", ("region", "eu-west-1"), ("awsAccessKeyId", ""), ("awsSecretAccessKey", ""))).ShouldBe(HttpStatusCode.SeeOther);
        await eve.OpenAsync("/profile");
        (await eve.SubmitAsync("/profile/cloud/delete")).ShouldBe(HttpStatusCode.SeeOther);
        await eve.OpenAsync("/profile");
        eve.Html.ShouldContain("none stored");
    }

    [Fact]
    public async Task An_admin_gives_roles_makes_groups_and_shuts_out()
    {
        using var admin = await Browser.SignedInAsync(_app, login: "root@example.org");
        using var eve = await Browser.SignedInAsync(_app, Role.Reader, "eve@example.org");
        await admin.OpenAsync("/people");
        var person = (await _app.Services.GetRequiredService<UserStore>().FindAsync("eve@example.org", default))!.Id;
        (await admin.SubmitAsync("/people/groups", ("name", "night shift"), ("members", person))).ShouldBe(HttpStatusCode.SeeOther);
        await admin.OpenAsync("/people/" + person);
        admin.Html.ShouldContain("night shift");
        (await admin.SubmitAsync("/people/" + person, ("name", "Eve"), ("role", "operator"))).ShouldBe(HttpStatusCode.SeeOther);
        (await eve.OpenAsync("/profile")).ShouldBe(HttpStatusCode.OK);
        eve.Html.ShouldContain("operator");

        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        await admin.OpenAsync("/people/" + person);
        await admin.SubmitAsync("/people/" + person, ("name", "Eve"), ("role", "operator"), ("disabled", "on"));
        (await eve.OpenAsync("/profile")).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_audit_page_shows_who_did_what_and_how_fast()
    {
        using var admin = await Browser.SignedInAsync(_app, login: "root@example.org");
        await admin.OpenAsync("/jobs");

        (await admin.OpenAsync("/audit?who=root@example.org")).ShouldBe(HttpStatusCode.OK);
        admin.Html.ShouldContain("GET /jobs");
        (await admin.OpenAsync("/audit/times")).ShouldBe(HttpStatusCode.OK);
        admin.Html.ShouldContain("GET /jobs");
        using var eve = await Browser.SignedInAsync(_app, Role.Approver, "eve@example.org");
        (await eve.OpenAsync("/audit")).ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task<Browser> SignedInAsync(string password)
    {
        var browser = new Browser(_app);
        await browser.OpenAsync("/sign-in");
        (await browser.SubmitAsync("/sign-in", ("login", "eve@example.org"), ("password", password))).ShouldBe(HttpStatusCode.SeeOther);
        return browser;
    }

    [GeneratedRegex("/sign-up\\?invitation=[^<\"]+")]
    private static partial Regex Link();

    [GeneratedRegex("/profile/sessions/[0-9a-f]{64}/end")]
    private static partial Regex EndSession();
}
