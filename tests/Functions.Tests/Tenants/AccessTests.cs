using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;
using Watchdesk.Tests.Tenants.People;

namespace Watchdesk.Tests.Tenants;

/// <summary>Every route that is mapped, called as nobody, as each role, and as another tenant.</summary>
[Trait("Demand", "S3-6")]
[Trait("Demand", "S3-5")]
public sealed partial class AccessTests : IAsyncLifetime
{
    const string Mark = "marked-of-main";

    static readonly Role[] Roles = [Role.Reader, Role.Responder, Role.Operator, Role.Approver, Role.Admin];

    TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Every_route_stands_in_the_table_and_nothing_else() =>
        Access.Of.Select(row => $"{row.Value} {row.Key}").ShouldBe(Routes().Select(route => $"{Access.Of.GetValueOrDefault(route.Key, "?")} {route.Key}"), ignoreOrder: true);

    [Fact]
    public async Task Nobody_and_each_role_may_what_the_table_says()
    {
        var wrong = new List<string>();
        var clients = new List<(Role Role, HttpClient Client)> { (Role.None, _app.Anonymous()) };
        foreach (var role in Roles)
        {
            clients.Add((role, await _app.SignedInAsync(role, Requirement.ScopesOf(role))));
        }

        foreach (var (key, method, pattern) in Routes())
        {
            var who = Access.Of.GetValueOrDefault(key, "?");
            foreach (var (role, client) in clients)
            {
                var (status, isRefused) = await SendAsync(client, method, Parameter().Replace(pattern, "x"));
                if (isRefused == May(who, role) || (who == "host" && status != HttpStatusCode.NotFound))
                {
                    wrong.Add($"{who} {key}: {role} got {(int)status}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_tenant_sees_and_changes_nothing()
    {
        using var main = await _app.SignedInAsync();
        var ids = await FillAsync(main);
        var theirs = await _app.Services.GetRequiredService<ApiKeys>().CreateAsync("other", "theirs", Role.Admin, Scopes.All, "test", _app.Clock.GetUtcNow(), default);
        using var other = _app.WithKey(theirs.Text);
        var before = OfMain();

        var (leaks, seen) = (new List<string>(), 0);
        foreach (var (key, method, pattern) in Routes().Where(route => Access.Of.GetValueOrDefault(route.Key) is not ("host" or "anyone")))
        {
            foreach (var id in pattern.Contains('{', StringComparison.Ordinal) ? ids : ["-"])
            {
                var path = Parameter().Replace(pattern, id);
                if ((await TextAsync(other, method, path)).Contains(Mark, StringComparison.Ordinal))
                {
                    leaks.Add($"{key} with {path}");
                }

                seen += method == "GET" && (await TextAsync(main, method, path)).Contains(Mark, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        leaks.ShouldBeEmpty();
        OfMain().ShouldBe(before);
        seen.ShouldBeGreaterThan(15, "main itself sees what is its own by these calls");
    }

    /// <summary>One of each thing in main, marked; their ids.</summary>
    async Task<IReadOnlyList<string>> FillAsync(HttpClient main)
    {
        var ids = new List<string>();
        async Task AddAsync(string path, string body, string id = "id") => ids.Add((await main.CallAsync("POST", path, body)).Body.GetProperty(id).GetString()!);

        await AddAsync("/api/v1/jobs", $$"""{"name":"{{Mark}} job","slug":"marked","schedule":{"period":"01:00:00","grace":"00:05:00"} }""");
        await AddAsync("/api/v1/users", $$"""{"login":"eve@example.org","name":"{{Mark}}"}""");
        await AddAsync("/api/v1/groups", $$"""{"name":"{{Mark}}"}""");
        await AddAsync("/api/v1/invitations", $$"""{"email":"eve@{{Mark}}.org"}""");
        await AddAsync("/api/v1/keys", $$"""{"name":"{{Mark}}","scopes":["read"]}""");
        await AddAsync("/api/v1/channels", $$"""{"kind":"webhook","name":"{{Mark}}","settings":{"url":"https://hooks.example.org/in"} }""");
        await AddAsync("/api/v1/rules", $$"""{"name":"{{Mark}}","frequency":"0d_0h_1m_0s","rule_condition":"P99 time_taken 0d_0h_5m_0s > 5","actions":[]}""");
        await AddAsync("/api/v1/mail-rules", $$"""{"name":"{{Mark}}","match":{"subject":"nothing"},"set":{"severity":"info"} }""");
        await AddAsync("/api/v1/silences", $$"""{"match":{"org":"{{Mark}}"},"until":"2026-11-21T10:00:00Z","reason":"{{Mark}}"}""");
        await AddAsync("/api/v1/subscriptions", $$"""{"user":"{{ids[1]}}","org":"{{Mark}}"}""");
        ids.AddRange(["marked", "eve@example.org"]);
        using var mail = new StringContent($"From: a@b.c\r\nSubject: {Mark}\r\n\r\n:sched-perday-2: {Mark}\r\n", Encoding.UTF8);
        mail.Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        await main.PostAsync("/api/v1/mail", mail);
        await main.CallAsync("POST", "/api/v1/heartbeats", $$"""{"job":"marked","kind":"fail","message":"{{Mark}} broke"}""");
        await _app.Services.GetRequiredService<DeadLetters>().AddAsync(new DeadLetter(Tenant.Main, "inbox", "runs", Mark, "r", Encoding.UTF8.GetBytes(Mark), _app.Clock.GetUtcNow(), 50), default);
        await _app.SettleAsync();
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        foreach (var list in new[] { "/api/v1/incidents", "/api/v1/deadletters", "/api/v1/mail", "/api/v1/mail/series" })
        {
            var items = (await main.CallAsync("GET", list)).Body.GetProperty("items");
            items.GetArrayLength().ShouldBeGreaterThan(0, list);
            ids.AddRange(items.EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        }

        return ids;
    }

    /// <summary>All rows of main but for its audit.</summary>
    string OfMain() => string.Join('\n', Tables.All.Except([Tables.Audit, Tables.Due]).SelectMany(table => _app.Tables.Rows(table)
        .Where(row => row.PartitionKey.Split('~')[0] == Tenant.Main || row.PartitionKey.StartsWith("t~main", StringComparison.Ordinal) || row.Text("Tenant") == Tenant.Main)
        .Select(row => $"{table} {row.PartitionKey} {row.RowKey} {row.ETag}")));

    static bool May(string who, Role role) => who switch
    {
        "anyone" or "host" => true,
        "own" => role >= Role.Reader,
        _ => Words.ParseRole(who) is { } least && role >= least,
    };

    static async Task<(HttpStatusCode Status, bool IsRefused)> SendAsync(HttpClient client, string method, string path)
    {
        using var answer = await client.SendAsync(Request(method, path));
        var isSignIn = answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.OriginalString.StartsWith("/sign-in", StringComparison.Ordinal) && path != "/sign-out";
        return (answer.StatusCode, isSignIn || answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
    }

    static async Task<string> TextAsync(HttpClient client, string method, string path)
    {
        using var answer = await client.SendAsync(Request(method, path));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Of changes that would be taken.</summary>
    static readonly (string Path, string Json)[] Bodies =
    [
        ("/api/v1.0/users",         """{"email":"taken@example.org","name":"taken"}"""),
        ("/api/v1/channels",        """{"kind":"webhook","name":"taken","settings":{"url":"https://hooks.example.org/in"}}"""),
        ("/api/v1/config",          """{"jobs":[]}"""),
        ("/api/v1/jobs",            """{"name":"taken","schedule":{"period":"01:00:00","grace":"00:05:00"}}"""),
        ("/api/v1/rules",           """{"name":"taken","frequency":"0d_0h_1m_0s","rule_condition":"P99 time_taken 0d_0h_5m_0s > 5","actions":[]}"""),
        ("/api/v1/mail-rules",      """{"name":"taken","match":{"subject":"taken"},"set":{"severity":"info"}}"""),
        ("/api/v1/silences",        """{"match":{"org":"taken"},"until":"2026-11-21T10:00:00Z","reason":"taken"}"""),
        ("/api/v1/subscriptions",   """{"user":"0193f0c0000070008000000000000001","org":"taken"}"""),
        ("/api/v1/notices/settings", """{"remindEvery":"01:00:00"}"""),
        ("/api/v1/users/me/notices", """{"items":[]}"""),
        ("/",                       """{"name":"taken"}"""),
    ];

    /// <summary>A change that would be taken, where one body can fit many.</summary>
    static HttpRequestMessage Request(string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PUT" or "PATCH")
        {
            request.Content = new StringContent(Bodies.First(body => path.StartsWith(body.Path, StringComparison.Ordinal)).Json, Encoding.UTF8, "application/json");
        }
        else if (method == "POST" && !path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("name", "taken"), KeyValuePair.Create("role", "admin"), KeyValuePair.Create("text", "taken")]);
        }

        return request;
    }

    /// <summary>By method and pattern; where two share an address, the one that wins.</summary>
    IEnumerable<(string Key, string Method, string Pattern)> Routes() =>
        from route in _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + route.RoutePattern.RawText!.Trim('/')
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        group pattern by $"{method} {pattern}" into same
        select (same.Key, same.Key[..same.Key.IndexOf(' ')], same.First());

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
