using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

public sealed partial class ErrorsTests : IAsyncDisposable
{
    readonly MemoryStream log = new();
    TestApp? desk;

    [Theory]
    [InlineData("""{"name":"a","colour":1}""",  "colour")]
    [InlineData("""{"name":"a","size":"big"}""", "$.size")]
    [InlineData("""{"size":3}""",                "name")]
    [InlineData("""{"name":""",                  "line 1")]
    [InlineData("",                              "JSON")]
    public async Task Body_that_does_not_fit_is_a_400_that_names_the_place(string body, string named)
    {
        var problem = await SendAsync(HttpMethod.Post, "/t/body", HttpStatusCode.BadRequest, body);
        problem.GetProperty("detail").GetString()!.ShouldContain(named);
        problem.GetProperty("detail").GetString()!.ShouldNotContain("Watchdesk.");
        problem.GetProperty("title").GetString().ShouldBe("Bad Request");
    }

    [Fact]
    public async Task Invalid_request_gives_its_own_text() =>
        (await SendAsync(HttpMethod.Get, "/t/invalid", HttpStatusCode.BadRequest)).GetProperty("detail").GetString().ShouldBe("The period is too short.");

    [Fact]
    public async Task Who_looks_at_it_in_a_browser_gets_a_page()
    {
        using var client = await ClientAsync();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var answer = await client.GetAsync("/t/invalid");

        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.BadRequest, "text/html"));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<p>The period is too short.</p>");
        using var api = await client.GetAsync("/api/v1/none");
        api.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Storage_that_is_away_is_503_with_retry_after()
    {
        using var client = await ClientAsync();
        using var answer = await client.GetAsync("/t/away");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Anything_else_is_500_without_detail_and_logged_with_the_request_id()
    {
        var problem = await SendAsync(HttpMethod.Get, "/t/bug?code=hush-hush", HttpStatusCode.InternalServerError);
        problem.TryGetProperty("detail", out _).ShouldBeFalse();
        var line = JsonElement.Parse(Logged().Split('\n').Single(l => l.Contains("/t/bug", StringComparison.Ordinal)));
        line.GetProperty("requestId").GetString().ShouldBe(problem.GetProperty("requestId").GetString());
        line.GetProperty("error").GetString()!.ShouldContain("the reason");
    }

    [Fact]
    public async Task Address_and_query_are_never_logged()
    {
        await SendAsync(HttpMethod.Get, "/t/secret/5f2b9a4e?code=hush-hush", HttpStatusCode.InternalServerError);
        Logged().ShouldContain("/t/secret/{key}");
        Logged().ShouldNotContain("5f2b9a4e");
        Logged().ShouldNotContain("hush-hush");
    }

    [Theory]
    [InlineData("GET",  "/no/such/place", HttpStatusCode.NotFound)]
    [InlineData("POST", "/t/invalid",     HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/t/large",       HttpStatusCode.RequestEntityTooLarge)]
    public async Task Refusals_of_the_frame_are_problems_too(string method, string path, HttpStatusCode status) =>
        (await SendAsync(new HttpMethod(method), path, status)).GetProperty("status").GetInt32().ShouldBe((int)status);

    [Theory]
    [InlineData("x-request-id", "abc-123",      "abc-123")]
    [InlineData("traceparent",  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("x-request-id", "a b\"c",       null)]
    [InlineData("x-request-id", "01234567890123456789012345678901234567890123456789012345678901234", null)]
    public async Task Request_id_comes_from_the_caller_when_it_is_one(string header, string value, string? expected)
    {
        using var client = await ClientAsync();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var answer = await client.GetAsync("/t/bug");

        var id = answer.Headers.GetValues("x-request-id").Single();
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("requestId").GetString().ShouldBe(id);
        (id == value || id == expected).ShouldBe(expected is not null);
        id.Length.ShouldBeLessThanOrEqualTo(64);
    }

    public async ValueTask DisposeAsync()
    {
        if (desk is not null)
        {
            await desk.DisposeAsync();
        }

        log.Dispose();
    }

    string Logged() => Encoding.UTF8.GetString(log.ToArray()).TrimEnd('\n');

    async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpStatusCode expected, string? body = null)
    {
        using var client = await ClientAsync();
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonElement.Parse(text);
    }

    async Task<HttpClient> ClientAsync()
    {
        desk ??= await TestApp.StartAsync(builder => builder.Services.AddSingleton<ILoggerProvider>(new LineLog(asJson: true, TimeProvider.System, log)), map: Map);
        return desk.Anonymous();
    }

    static void Map(WebApplication app)
    {
        var group = app.MapGroup("/t").AllowAnonymous();
        group.MapPost("/body", async (HttpContext context) =>
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, Json.Default.Body, context.RequestAborted);
            return body!.Name;
        });
        group.MapGet("/invalid", (HttpContext _) => Throw(new InvalidRequestException("The period is too short.")));
        group.MapGet("/away", (HttpContext _) => Throw(new RemoteCallException("Tables", "GET jobs", 503, "ServerBusy", isTransient: true, TimeSpan.FromSeconds(7))));
        group.MapGet("/bug", (HttpContext _) => Throw(new InvalidOperationException("the reason")));
        group.MapGet("/secret/{key}", (HttpContext _) => Throw(new InvalidOperationException("the reason")));
        group.MapPost("/large", (HttpContext _) => Throw(new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge)));
    }

    static Task Throw(Exception error) => Task.FromException(error);

    internal sealed record Body(string Name, int Size = 0);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Body))]
    sealed partial class Json : JsonSerializerContext;
}
