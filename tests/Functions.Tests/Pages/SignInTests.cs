using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Pages;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class SignInTests : IAsyncLifetime
{
    static readonly string Hash = Passwords.Hash("correct horse");

    TestApp _app = null!;
    Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var now = _app.Clock.GetUtcNow();
        await _app.Services.GetRequiredService<UserStore>().CreateAsync(new User(Tenant.Main, "1", "admin", "admin", Role.Admin, false, now, Hash), now, default);
        _browser = new Browser(_app);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_visitor_signs_in_sees_the_page_that_was_asked_for_and_signs_out()
    {
        (await _browser.OpenAsync("/deadletters")).ShouldBe(HttpStatusCode.Redirect);
        (await _browser.OpenAsync(_browser.Location!)).ShouldBe(HttpStatusCode.OK);

        (await _browser.SubmitAsync("/sign-in", ("login", "admin"), ("password", "correct horse"))).ShouldBe(HttpStatusCode.SeeOther);
        _browser.Location.ShouldBe("/deadletters");
        var cookie = _browser.Answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("wd=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");

        (await _browser.OpenAsync("/deadletters")).ShouldBe(HttpStatusCode.OK);
        var stolen = _browser.Cookies[Sessions.Cookie];
        (await _browser.SubmitAsync("/sign-out")).ShouldBe(HttpStatusCode.SeeOther);
        _browser.Cookies.Keys.ShouldNotContain(Sessions.Cookie);
        (await _browser.OpenAsync("/deadletters")).ShouldBe(HttpStatusCode.Redirect);

        using var thief = _app.Anonymous();
        thief.DefaultRequestHeaders.Add("Cookie", "wd=" + stolen);
        (await thief.GetAsync("/deadletters")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_keeps_the_name()
    {
        await _browser.OpenAsync("/sign-in");
        (await _browser.SubmitAsync("/sign-in", ("login", "admin\"<b>"), ("password", "wrong"))).ShouldBe(HttpStatusCode.Unauthorized);

        _browser.Html.ShouldContain("The account or its password is wrong.");
        _browser.Html.ShouldContain("admin&quot;&lt;b&gt;");
        _browser.Html.ShouldNotContain("value=\"wrong\"");
        _browser.Cookies.Keys.ShouldNotContain(Sessions.Cookie);
    }

    [Fact]
    public async Task Guessing_has_to_wait()
    {
        await _browser.OpenAsync("/sign-in");
        for (var i = 0; i < 5; i++)
        {
            await _browser.SubmitAsync("/sign-in", ("login", "admin"), ("password", "wrong"));
        }

        (await _browser.SubmitAsync("/sign-in", ("login", "admin"), ("password", "correct horse"))).ShouldBe(HttpStatusCode.TooManyRequests);
        _browser.Html.ShouldContain("Wait 1 s");
    }

    [Fact]
    public async Task A_sign_in_from_another_page_is_refused()
    {
        (await _browser.PostAsync("/sign-in", ("login", "admin"), ("password", "correct horse"))).ShouldBe(HttpStatusCode.BadRequest);
        _browser.Cookies.Keys.ShouldNotContain(Sessions.Cookie);
    }

    [Fact]
    public async Task Over_tls_the_cookies_are_secure_and_the_browser_is_told_to_come_back_over_tls()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Services.AddSingleton(Options.Create(new DeskOptions { PublicUrl = "https://desk.example.org" })));
        using var browser = new Browser(app);

        await browser.OpenAsync("/sign-in");

        browser.Answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("secure", StringComparison.Ordinal));
        browser.Answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        foreach (var path in new[] { "/sign-in", "/assets/desk.css", "/api/v1/keys", "/nowhere" })
        {
            await _browser.OpenAsync(path);

            var headers = _browser.Answer.Headers;
            headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
            headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
            headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("/jobs?show=all", "/jobs?show=all")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/sign-in", "/")]
    [InlineData("/a\nb", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Only_a_path_of_this_desk_is_gone_back_to(string? to, string path) => SignIn.LocalPath(to).ShouldBe(path);
}
