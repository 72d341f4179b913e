using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants.People;

/// <summary>The user service of version 1.0: US001 to US005 over HTTP.</summary>
[Trait("Demand", "S3-15")]
[Trait("Demand", "S3-18")]
[Trait("Demand", "S3-20")]
public sealed class PersonApiTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _nobody = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(builder => PeopleCalls.SignUpIs(builder, "open"));
        _nobody = _app.Anonymous();
    }

    public async Task DisposeAsync()
    {
        _nobody.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    [Trait("Demand", "S3-M11")]
    public async Task A_sign_up_is_two_writes_and_a_deletion_three_calls()
    {
        _app.Tables.ResetCounts();
        (await _nobody.CallAsync("POST", "/api/v1.0/signup", PeopleCalls.Eve)).Status.ShouldBe(HttpStatusCode.Created);
        (_app.Tables.Counts.Reads, _app.Tables.Counts.Writes).ShouldBe((0, 2));

        using var admin = await _app.SignedInAsync();
        await admin.CallAsync("GET", "/api/v1.0/users/nobody@example.org");
        _app.Tables.ResetCounts();
        (await admin.CallAsync("DELETE", "/api/v1.0/users/eve@example.org")).Status.ShouldBe(HttpStatusCode.OK);
        (_app.Tables.Counts.Reads, _app.Tables.Counts.Writes).ShouldBe((1, 2));
    }

    [Fact]
    [Trait("Demand", "US001")]
    [Trait("Demand", "US002")]
    [Trait("Demand", "US003")]
    [Trait("Demand", "US004")]
    [Trait("Demand", "US005")]
    public async Task A_person_registers_is_read_changes_and_goes()
    {
        var (status, made) = await _nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve);
        status.ShouldBe(HttpStatusCode.Created);
        made.GetProperty("entity").GetString().ShouldBe("eve@example.org");

        using var eve = _app.AsPerson("eve@example.org");
        var (listed, list) = await eve.CallAsync("GET", "/api/v1.0/users");
        listed.ShouldBe(HttpStatusCode.OK);
        list.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("Eve");

        const string Address = "/api/v1.0/users/eve@example.org";
        var (found, one) = await eve.CallAsync("GET", Address);
        found.ShouldBe(HttpStatusCode.OK);
        one.GetProperty("awsCredentials").GetProperty("region").GetString().ShouldBe("us-west-2");
        (await eve.CallAsync("HEAD", Address)).Status.ShouldBe(HttpStatusCode.OK);
        (await eve.CallAsync("HEAD", "/api/v1.0/users/nobody@example.org")).Status.ShouldBe(HttpStatusCode.NotFound);

        // What was read can be sent back: the masks keep what is stored.
        var (changed, after) = await eve.CallAsync("PUT", Address, one.GetRawText().Replace("\"Eve\"", "\"Eve Adams\"", StringComparison.Ordinal));
        changed.ShouldBe(HttpStatusCode.OK);
        after.GetProperty("name").GetString().ShouldBe("Eve Adams");
        var stored = (await _app.Services.GetRequiredService<UserStore>().FindAsync("eve@example.org", default))!;
        _app.Services.GetRequiredService<CloudSecrets>().Open(stored.Cloud!).ShouldBe(new AwsCredentials("us-west-2", "AKIA-of-eve", "secret-of-eve"));

        var (gone, deleted) = await eve.CallAsync("DELETE", Address);
        gone.ShouldBe(HttpStatusCode.OK);
        deleted.GetProperty("entity").GetString().ShouldBe("eve@example.org");
        (await eve.CallAsync("GET", "/api/v1.0/users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _nobody.CallAsync("POST", "/api/v1.0/signup", PeopleCalls.Eve)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    [Trait("Demand", "S3-E2")]
    public async Task Secrets_come_back_masked_and_are_stored_protected()
    {
        await _nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve);
        using var eve = _app.AsPerson("eve@example.org");
        using var admin = await _app.SignedInAsync();

        foreach (var text in new[]
        {
            await eve.GetStringAsync("/api/v1.0/users"), await eve.GetStringAsync("/api/v1.0/users/eve@example.org"), await admin.GetStringAsync("/api/v1/users"), Dump.Of(_app.Tables),
        })
        {
            text.ShouldNotContain(PeopleCalls.Password);
            text.ShouldNotContain("AKIA-of-eve");
            text.ShouldNotContain("secret-of-eve");
        }

        (await eve.GetStringAsync("/api/v1.0/users")).ShouldNotContain("pbkdf2");
        (await eve.GetStringAsync("/api/v1.0/users/eve@example.org")).ShouldContain("\"awsSecretAccessKey\":\"********\"");
    }

    [Fact]
    [Trait("Demand", "S3-E9")]
    public async Task Login_gives_a_session_and_a_wrong_password_a_challenge()
    {
        await _nobody.CallAsync("POST", "/api/v1.0/signup", PeopleCalls.Eve);
        using var right = await _nobody.PostAsync("/api/v1.0/login", PeopleCalls.Json("""{"email":"eve@example.org","password":"a good password"}"""));
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = right.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var browser = _app.Anonymous();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        (await browser.GetAsync("/api/v1.0/users")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var wrong = await _nobody.PostAsync("/api/v1.0/login", PeopleCalls.Json("""{"email":"eve@example.org","password":"something else"}"""));
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
        using var nobody = await _nobody.GetAsync("/api/v1.0/users");
        nobody.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
    }

    [Theory]
    [Trait("Demand", "S3-26")]
    [InlineData("{}", "email, name, password")]
    [InlineData("""{"email":"a@b","name":"","password":"a good password"}""", "name")]
    [InlineData("""{"email":"a@b","name":"A"}""", "password")]
    [InlineData("""{"email":"a b@c","name":"A","password":"a good password"}""", "email must be")]
    [InlineData("""{"email":"a@b","name":"A","password":"short"}""", "10 to 256")]
    [InlineData("""{"email":"a@b","name":"A","password":"a good password","awsCredentials":{"region":"x"}}""", "awsCredentials.awsAccessKeyId, awsCredentials.awsSecretAccessKey")]
    [InlineData("""{"email":"a@b","name":"A","password":"a good password","awsCredentials":{"region":"x","awsAccessKeyId":"y","awsSecretAccessKey":"********"}}""", "enter it")]
    [InlineData("""{"email":"a@b","name":"A","password":"a good password","role":"admin"}""", "role")]
    public async Task What_is_missing_or_wrong_is_named(string body, string part)
    {
        var (status, problem) = await _nobody.CallAsync("POST", "/api/v1.0/users", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString()!.ShouldContain(part);
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task People_change_themselves_and_nobody_else_but_an_admin_does()
    {
        await _nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve);
        await _nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve.Replace("Eve@Example.org", "bob@example.org", StringComparison.Ordinal));
        (await _nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve)).Status.ShouldBe(HttpStatusCode.Conflict);
        using var eve = _app.AsPerson("eve@example.org");
        using var admin = await _app.SignedInAsync();
        const string Bob = """{"email":"robert@example.org","name":"Robert"}""";

        (await eve.CallAsync("PUT", "/api/v1.0/users/bob@example.org", Bob)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await eve.CallAsync("DELETE", "/api/v1.0/users/bob@example.org")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await eve.CallAsync("PUT", "/api/v1.0/users/eve@example.org", """{"email":"bob@example.org","name":"Eve"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await admin.CallAsync("PUT", "/api/v1.0/users/bob@example.org", Bob)).Status.ShouldBe(HttpStatusCode.OK);

        using var robert = _app.AsPerson("robert@example.org");
        (await robert.CallAsync("GET", "/api/v1.0/users")).Status.ShouldBe(HttpStatusCode.OK);
        using var bob = _app.AsPerson("bob@example.org");
        (await bob.CallAsync("GET", "/api/v1.0/users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        using var key = await _app.SignedInAsync();
        var ids = new List<string>();
        foreach (var login in new[] { "one@example.org", "two@example.org" })
        {
            ids.Add((await key.CallAsync("POST", "/api/v1/users", $$"""{"login":"{{login}}","role":"admin"}""")).Body.GetProperty("id").GetString()!);
        }

        (await key.CallAsync("PATCH", "/api/v1/users/" + ids[0], """{"role":"reader"}""")).Status.ShouldBe(HttpStatusCode.OK);
        var (status, problem) = await key.CallAsync("DELETE", "/api/v1/users/" + ids[1]);
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString()!.ShouldContain("last admin");
        (await key.CallAsync("PATCH", "/api/v1/users/" + ids[1], """{"disabled":true}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await key.CallAsync("DELETE", "/api/v1/users/" + ids[0])).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Two_admins_who_delete_each_other_at_once_leave_one()
    {
        var (users, now) = (_app.Services.GetRequiredService<UserStore>(), _app.Clock.GetUtcNow());
        foreach (var id in new[] { "a", "b" })
        {
            await users.CreateAsync(new User(Tenant.Main, id, id + "@example.org", id, Role.Admin, false, now), now, default);
        }

        var (a, b) = ((await users.GetAsync(Tenant.Main, "a", default))!, (await users.GetAsync(Tenant.Main, "b", default))!);
        var isSecond = false;
        _app.Tables.BeforeWrite = (table, _) =>
        {
            if (table == Watchdesk.Clients.Tables.Users && !isSecond)
            {
                isSecond = true;
                users.DeleteAsync(b, default).GetAwaiter().GetResult();
            }
        };

        await Should.ThrowAsync<InvalidRequestException>(() => users.DeleteAsync(a, default));

        (await users.GetAsync(Tenant.Main, "a", default)).ShouldNotBeNull();
        (await users.GetAsync(Tenant.Main, "b", default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("invite", "invitation")]
    [InlineData("off", "ask an admin to add you")]
    public async Task Sign_up_can_be_closed_but_an_admin_still_adds(string how, string part)
    {
        await using var app = await TestApp.StartAsync(builder => PeopleCalls.SignUpIs(builder, how));
        using var nobody = app.Anonymous();
        using var admin = await app.SignedInAsync();

        var (status, problem) = await nobody.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve);

        status.ShouldBe(HttpStatusCode.Forbidden);
        problem.GetProperty("detail").GetString()!.ShouldContain(part);
        (await admin.CallAsync("POST", "/api/v1.0/users", PeopleCalls.Eve)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_invitation_works_once_until_it_ends_and_for_its_address()
    {
        await using var app = await TestApp.StartAsync(builder => PeopleCalls.SignUpIs(builder, "invite"));
        using var admin = await app.SignedInAsync();
        using var nobody = app.Anonymous();

        async Task<string> InviteAsync(string body) => (await admin.CallAsync("POST", "/api/v1/invitations", body)).Body.GetProperty("url").GetString()!.Split("invitation=")[1];
        async Task<HttpStatusCode> UseAsync(string text, string email) => (await nobody.CallAsync("POST", "/api/v1.0/users", $$"""{"email":"{{email}}","name":"X","password":"a good password","invitation":"{{text}}"}""")).Status;

        var text = await InviteAsync("""{"email":"eve@example.org","role":"operator"}""");
        Dump.Of(app.Tables).ShouldNotContain(text.Split('~')[2]);
        (await UseAsync(text[..^1] + (text[^1] == 'a' ? 'b' : 'a'), "eve@example.org")).ShouldBe(HttpStatusCode.Forbidden);
        (await UseAsync(text, "mallory@example.org")).ShouldBe(HttpStatusCode.Forbidden);
        (await UseAsync(text, "eve@example.org")).ShouldBe(HttpStatusCode.Created);
        (await UseAsync(text, "eve@example.org")).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Services.GetRequiredService<UserStore>().FindAsync("eve@example.org", default))!.Role.ShouldBe(Role.Operator);

        var late = await InviteAsync("{}");
        app.Clock.Advance(Invitations.Lasts);
        (await UseAsync(late, "late@example.org")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Groups_hold_people_of_the_tenant_only()
    {
        using var admin = await _app.SignedInAsync();
        var eve = (await admin.CallAsync("POST", "/api/v1/users", """{"login":"eve@example.org"}""")).Body.GetProperty("id").GetString()!;
        var now = _app.Clock.GetUtcNow();
        await _app.Services.GetRequiredService<UserStore>().CreateAsync(new User("other", "0123456789abcdef0123456789abcdef", "o@example.org", "O", Role.Reader, false, now), now, default);

        (await admin.CallAsync("POST", "/api/v1/groups", """{"name":"dba","members":["0123456789abcdef0123456789abcdef"]}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (status, made) = await admin.CallAsync("POST", "/api/v1/groups", $$"""{"name":"dba","members":["{{eve}}"]}""");
        status.ShouldBe(HttpStatusCode.Created);
        (await admin.CallAsync("POST", "/api/v1/groups", """{"name":"DBA"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var address = "/api/v1/groups/" + made.GetProperty("id").GetString();
        (await admin.CallAsync("PUT", address, """{"name":"databases","members":[]}""")).Body.GetProperty("name").GetString().ShouldBe("databases");
        (await admin.CallAsync("GET", address)).Body.GetProperty("members").GetArrayLength().ShouldBe(0);
        (await admin.CallAsync("DELETE", address)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.CallAsync("GET", address)).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
