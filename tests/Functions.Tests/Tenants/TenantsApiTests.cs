using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class TenantsApiTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _admin = await _app.SignedInAsync();
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_key_is_made_shown_once_used_and_revoked()
    {
        var (status, made) = await SendAsync("POST", "/api/v1/keys", """{"name":"nightly jobs","scopes":["ping","create"]}""");
        status.ShouldBe(HttpStatusCode.Created);
        var (id, key) = (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
        made.GetProperty("role").GetString().ShouldBe("none");

        var list = await _admin.GetStringAsync("/api/v1/keys");
        list.ShouldContain("nightly jobs");
        list.ShouldNotContain(key[16..]);
        Dump.Of(_app.Tables).ShouldNotContain(key[16..]);

        using var sender = _app.WithKey(key);
        (await sender.GetAsync("/api/v1/keys")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("DELETE", $"/api/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await sender.GetAsync("/api/v1/keys")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync("DELETE", $"/api/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task No_secret_is_ever_logged()
    {
        using var lines = new LogLines();
        await using var app = await TestApp.StartAsync(builder => builder.Logging.AddProvider(lines));
        using var admin = await app.SignedInAsync();
        var made = await (await admin.PostAsync("/api/v1/keys", new StringContent("""{"name":"x","kind":"ping"}""", Encoding.UTF8, "application/json"))).Content.ReadAsStringAsync();
        var ping = JsonDocument.Parse(made).RootElement.GetProperty("key").GetString()!;
        var key = admin.DefaultRequestHeaders.Authorization!.Parameter!;

        await admin.GetAsync($"/ping/{ping}/backup?create=1");
        await admin.GetAsync("/badge/" + ping);
        using var wrong = app.WithKey(key[..^1]);
        await wrong.GetAsync("/api/v1/keys");
        using var basic = app.Anonymous();
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:a wrong password"u8));
        await basic.GetAsync("/api/v1/keys");

        lines.Text.ShouldContain("made by key test");
        lines.Text.ShouldNotContain(ping);
        lines.Text.ShouldNotContain(key[16..^1]);
        lines.Text.ShouldNotContain("a wrong password");
    }

    [Fact]
    public async Task A_ping_key_is_made_and_revoked_in_the_same_way()
    {
        var (_, made) = await SendAsync("POST", "/api/v1/keys", """{"name":"servers","kind":"ping"}""");

        made.GetProperty("key").GetString()!.Length.ShouldBe(22);
        (await SendAsync("DELETE", $"/api/v1/keys/{made.GetProperty("id").GetString()}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "scopes is missing")]
    [InlineData("""{"scopes":["read"]}""", "name")]
    [InlineData("""{"name":null,"scopes":["read"]}""", "name")]
    [InlineData("""{"name":" ","scopes":["read"]}""", "name must be 1 to 100")]
    [InlineData("""{"name":"x","scopes":["fly"]}""", "scopes must be of")]
    [InlineData("""{"name":"x","scopes":["read"],"role":"god"}""", "role must be")]
    [InlineData("""{"name":"x","scopes":["read"],"kind":"car"}""", "kind must be")]
    [InlineData("""{"name":"x","kind":"badge","job":"../x"}""", "job must be")]
    [InlineData("""{"name":"x","scopes":["read"],"job":"0"}""", "badge only")]
    [InlineData("""{"name":"x","kind":"ping","role":"admin"}""", "neither scopes nor a role")]
    [InlineData("""{"name":"x","scopes":["read"],"tenant":"other"}""", "tenant")]
    [InlineData("""{"name":""", "JSON")]
    [InlineData("null", "null")]
    public async Task A_key_request_that_makes_no_sense_says_which_part(string body, string part)
    {
        var (status, problem) = await SendAsync("POST", "/api/v1/keys", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString()!.ShouldContain(part);
    }

    [Fact]
    public async Task A_person_is_added_promoted_and_disabled()
    {
        var (status, made) = await SendAsync("POST", "/api/v1/users", """{"login":"Eve@Example.org","password":"a good password"}""");
        status.ShouldBe(HttpStatusCode.Created);
        var address = "/api/v1/users/" + made.GetProperty("id").GetString();
        made.GetProperty("login").GetString().ShouldBe("eve@example.org");
        made.GetProperty("role").GetString().ShouldBe("reader");
        made.ToString().ShouldNotContain("pbkdf2");

        (await SendAsync("POST", "/api/v1/users", """{"login":"eve@example.org"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await SendAsync("PATCH", address, """{"role":"operator"}""")).Body.GetProperty("role").GetString().ShouldBe("operator");
        using var eve = _app.Anonymous();
        eve.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("eve@example.org:a good password"u8));
        (await eve.GetAsync("/api/v1/deadletters")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await SendAsync("PATCH", address, """{"disabled":true}""")).Body.GetProperty("disabled").GetBoolean().ShouldBeTrue();
        (await eve.GetAsync("/api/v1/deadletters")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _admin.GetStringAsync("/api/v1/users")).ShouldContain("eve@example.org");
    }

    [Theory]
    [InlineData("""{"login":"nobody"}""", "login")]
    [InlineData("""{"login":"a@b","password":"short"}""", "password")]
    [InlineData("""{"login":"a@b","role":"none"}""", "role")]
    [InlineData("""{"login":"a@b","name":""}""", "name")]
    [InlineData("""{"login":"a@b","tenant":"other"}""", "tenant")]
    public async Task A_person_that_makes_no_sense_is_refused(string body, string part)
    {
        var (status, problem) = await SendAsync("POST", "/api/v1/users", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString()!.ShouldContain(part);
    }

    [Fact]
    public async Task Tenants_are_the_matter_of_the_admin_of_main()
    {
        (await SendAsync("POST", "/api/v1/tenants", """{"id":"shop","name":"Shop"}""")).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync("POST", "/api/v1/tenants", """{"id":"shop"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await SendAsync("POST", "/api/v1/tenants", """{"id":"Shop~1"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _admin.GetStringAsync("/api/v1/tenants")).ShouldContain("\"id\":\"shop\"");

        var key = await _app.Services.GetRequiredService<ApiKeys>().CreateAsync("shop", "theirs", Role.Admin, Scopes.All, "test", _app.Clock.GetUtcNow(), default);
        using var shop = _app.WithKey(key.Text);
        (await shop.GetAsync("/api/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await shop.GetStringAsync("/api/v1/keys")).ShouldContain("theirs");
        (await _admin.GetStringAsync("/api/v1/keys")).ShouldNotContain("theirs");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=x")]
    public async Task A_limit_out_of_bounds_is_refused(string query) =>
        (await _admin.GetAsync("/api/v1/keys?" + query)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await _admin.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    sealed class LogLines : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
