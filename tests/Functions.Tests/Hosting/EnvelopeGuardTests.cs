using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;

namespace Watchdesk.Tests.Hosting;

/// <summary>Over real sockets, since forged headers and addresses are the point.</summary>
public sealed class EnvelopeGuardTests : IAsyncDisposable
{
    readonly HttpClient _http = new();
    WebApplication? _app;
    int _calls;

    [Fact]
    public async Task Invocation_by_the_host_reaches_the_function()
    {
        await StartAsync(isHandler: true);
        using var answer = await PostAsync(_ => { });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"Outputs":{},"Logs":[],"ReturnValue":null}""");
        _calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("x-forwarded-proto")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("Forwarded")]
    public async Task Proxied_public_request_to_a_function_is_404_in_handler_mode(string header)
    {
        await StartAsync(isHandler: true);
        using var answer = await PostAsync(request => request.Headers.TryAddWithoutValidation(header, "127.0.0.1"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        _calls.ShouldBe(0);
    }

    [Fact]
    public async Task Other_method_is_404_in_handler_mode()
    {
        await StartAsync(isHandler: true);
        using var answer = await _http.GetAsync(new Uri(_app!.Urls.First() + "/Probe"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_over_a_socket_reaches_a_function_in_the_embedded_host()
    {
        await StartAsync(isHandler: false);
        foreach (var header in new[] { "X-Azure-Functions-InvocationId", "X-Azure-Functions-HostVersion", "X-In-Memory", "InMemoryInvocation" })
        {
            using var answer = await PostAsync(request =>
            {
                request.Headers.TryAddWithoutValidation("User-Agent", "Azure-Functions-Host/4.1052");
                request.Headers.TryAddWithoutValidation(header, "1");
            });
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        _calls.ShouldBe(0);
    }

    [Fact]
    public async Task Embedded_host_invokes_in_memory()
    {
        await StartAsync(isHandler: false);
        var (status, _, body) = await _app!.Services.GetRequiredService<InMemoryPipeline>().InvokeAsync("Probe", "{}"u8.ToArray(), "1", default);
        status.ShouldBe(200);
        body.ShouldBe("""{"Outputs":{},"Logs":[],"ReturnValue":null}""");
        _calls.ShouldBe(1);
    }

    [Fact]
    public async Task Thrown_error_is_500_without_its_reason_and_a_broken_envelope_400()
    {
        await StartAsync(isHandler: true, (_, _) => throw new InvalidOperationException("secret reason"));
        using var failed = await PostAsync(_ => { });
        failed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await failed.Content.ReadAsStringAsync()).ShouldNotContain("secret");
        using var broken = await _http.PostAsync(new Uri(_app!.Urls.First() + "/Probe"), new StringContent("{"));
        broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Envelope_over_the_usual_body_limit_is_taken()
    {
        await StartAsync(isHandler: true);
        using var content = new StringContent("{\"Data\":{\"x\":\"" + new string('a', 31_000_000) + "\"}}", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(_app!.Urls.First() + "/Probe"), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Own_deadline_ends_the_handler_and_fails_the_invocation()
    {
        await StartAsync(isHandler: true, (_, token) => Task.Delay(Timeout.Infinite, token), TimeSpan.FromMilliseconds(20));
        using var answer = await PostAsync(_ => { });
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    async Task StartAsync(bool isHandler, Func<Invocation, CancellationToken, Task>? handle = null, TimeSpan? deadline = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.AddHosting(new DeskStart(new CommandLine(), isHandler, IPAddress.Loopback, 0, AppContext.BaseDirectory));
        _app = builder.Build();
        _app.MapHosting();
        _app.MapTrigger("Probe", handle ?? ((_, _) => Task.FromResult(++_calls)), deadline);
        await _app.StartAsync();
    }

    async Task<HttpResponseMessage> PostAsync(Action<HttpRequestMessage> adjust)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _app!.Urls.First() + "/Probe") { Content = new StringContent("""{"Data":{},"Metadata":{}}""", Encoding.UTF8, "application/json") };
        adjust(request);
        return await _http.SendAsync(request);
    }
}
