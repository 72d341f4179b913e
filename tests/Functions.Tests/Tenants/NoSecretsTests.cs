using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;
using Watchdesk.Tests.Tenants.People;

namespace Watchdesk.Tests.Tenants;

/// <summary>A whole run that uses every kind of secret; then its logs, its audit and its answers are searched for each.</summary>
[Trait("Demand", "S3-5")]
public sealed class NoSecretsTests
{
    readonly List<string> _secrets = [];

    [Fact]
    public async Task No_secret_of_a_run_is_in_its_logs_its_tables_or_its_answers()
    {
        using var log = new MemoryStream();
        await using var app = await TestApp.StartAsync(builder =>
        {
            PeopleCalls.SignUpIs(builder, "invite");
            builder.Logging.AddFilter("Watchdesk", LogLevel.Trace);
            builder.Services.AddSingleton<ILoggerProvider>(new LineLog(asJson: true, TimeProvider.System, log));
        });
        using var admin = await app.SignedInAsync();
        _secrets.Add(admin.DefaultRequestHeaders.Authorization!.Parameter!);

        await PeopleAsync(app, admin);
        await BrowserAsync(app);
        await KeysAndChannelsAsync(app, admin);
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        var answers = await AnswersAsync(admin);

        var logged = Encoding.UTF8.GetString(log.ToArray());
        logged.ShouldContain("made by");
        var stored = Dump.Of(app.Tables);
        _secrets.Count.ShouldBeGreaterThan(15);
        foreach (var secret in _secrets)
        {
            logged.ShouldNotContain(secret);
            stored.ShouldNotContain(secret);
            answers.ShouldNotContain(secret);
        }
    }

    async Task PeopleAsync(TestApp app, HttpClient admin)
    {
        var link = (await admin.CallAsync("POST", "/api/v1/invitations", "{}")).Body.GetProperty("url").GetString()!;
        var invitation = Uri.UnescapeDataString(link[(link.IndexOf('=') + 1)..]);
        var (password, wrong, id, key) = (Secret("passphrase one 1"), Secret("passphrase wrong"), Secret("AKIAIOSFODNN7EXA"), Secret("wJalrXUtnFEMIK7MDENG"));
        _secrets.Add(invitation.Split('~')[2]);
        using var nobody = app.Anonymous();
        var body = $$"""{"email":"eve@example.org","name":"Eve","password":"{{password}}","invitation":"{{invitation}}","awsCredentials":{"region":"r","awsAccessKeyId":"{{id}}","awsSecretAccessKey":"{{key}}"} }""";
        (await nobody.CallAsync("POST", "/api/v1.0/users", body)).Status.ShouldBe(HttpStatusCode.Created);
        (await nobody.CallAsync("POST", "/api/v1.0/users", body)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await nobody.CallAsync("POST", "/api/v1.0/signup", body[..^3])).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await nobody.CallAsync("POST", "/api/v1.0/login", $$"""{"email":"eve@example.org","password":"{{wrong}}"}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var eve = app.AsPerson("eve@example.org", password);
        _secrets.Add(eve.DefaultRequestHeaders.Authorization!.Parameter!);
        (await eve.CallAsync("PUT", "/api/v1.0/users/eve@example.org", $$"""{"email":"eve@example.org","name":"Eve","password":"{{Secret("passphrase two 22")}}","awsCredentials":{"region":"r","awsAccessKeyId":"{{Secret("AKIAOTHER00000000")}}","awsSecretAccessKey":"{{Secret("other-cloud-secret-9")}}"} }""")).Status.ShouldBe(HttpStatusCode.OK);
        using var late = app.AsPerson("eve@example.org", wrong);
        (await late.CallAsync("GET", "/api/v1.0/users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task BrowserAsync(TestApp app)
    {
        using var browser = new Pages.Browser(app);
        await browser.OpenAsync("/sign-in");
        (await browser.SubmitAsync("/sign-in", ("login", "eve@example.org"), ("password", "passphrase two 22"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/profile");
        (await browser.SubmitAsync("/profile/password", ("current", "passphrase two 22"), ("password", Secret("passphrase three")))).ShouldBe(HttpStatusCode.SeeOther);
        _secrets.AddRange(browser.Cookies.Values);
    }

    async Task KeysAndChannelsAsync(TestApp app, HttpClient admin)
    {
        foreach (var body in new[] { """{"name":"s","kind":"status"}""", """{"name":"a","kind":"ping"}""", """{"name":"b","kind":"badge"}""", """{"name":"c","scopes":["ping","create"]}""" })
        {
            _secrets.Add((await admin.CallAsync("POST", "/api/v1/keys", body)).Body.GetProperty("key").GetString()!);
        }

        using var sender = app.WithKey(_secrets[^1]);
        await sender.GetAsync($"/ping/{_secrets[^3]}/backup?create=1");
        await sender.GetAsync($"/ping/{_secrets[^3]}/backup/fail");
        await sender.GetAsync("/badge/" + _secrets[^2]);
        await sender.GetAsync("/status/" + _secrets[^4]);
        using var broken = app.WithKey(_secrets[^1][..^1]);
        await broken.GetAsync("/api/v1/jobs");
        await app.SettleAsync();
        foreach (var channel in new[]
        {
            $$"""{"kind":"webhook","name":"w","settings":{"url":"https://hooks.example.invalid/in","secret":"{{Secret("hook-secret-778899")}}"} }""",
            $$"""{"kind":"slack","name":"s","settings":{"url":"https://hooks.slack.com/services/{{Secret("T000-B000-slackslack")}}"} }""",
        })
        {
            var (status, made) = await admin.CallAsync("POST", "/api/v1/channels", channel);
            status.ShouldBe(HttpStatusCode.Created, made.ToString());
            await admin.CallAsync("POST", $"/api/v1/channels/{made.GetProperty("id").GetString()}/test");
        }
    }

    static async Task<string> AnswersAsync(HttpClient admin)
    {
        var all = new StringBuilder();
        foreach (var path in new[] { "users", "keys", "invitations", "groups", "channels", "audit", "audit/summary", "jobs", "incidents", "notices", "config", "deadletters" })
        {
            all.AppendLine(await admin.GetStringAsync("/api/v1/" + path));
        }

        return all.ToString();
    }

    string Secret(string text)
    {
        _secrets.Add(text);
        return text;
    }
}
