using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

[Collection("traces")]
public sealed class TracesTests
{
    const string Caller = "00-00f7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const string Cause = "00-11111111111111111111111111111111-2222222222222222-01";

    [Fact]
    public async Task Request_is_a_span_of_its_callers_trace_named_by_the_pattern()
    {
        using var output = new MemoryStream();
        using var lines = new LineLog(asJson: true, TimeProvider.System, output);
        using var spans = new SpanLines(lines);
        await using var desk = await TestApp.StartAsync(map: Map);
        using var client = desk.Anonymous();
        client.DefaultRequestHeaders.Add("traceparent", Caller);

        await client.GetAsync("/span/5f2b9a4e?code=hush-hush");

        var span = Only(output, "GET /span/{key}");
        span.GetProperty("traceId").GetString().ShouldBe("00f7651916cd43dd8448eb211c80319c");
        span.GetProperty("parentId").GetString().ShouldBe("b7ad6b7169203331");
        span.GetProperty("links")[0].GetString().ShouldBe("11111111111111111111111111111111-2222222222222222");
        span.GetRawText().ShouldNotContain("5f2b9a4e");
        span.GetRawText().ShouldNotContain("hush-hush");
    }

    [Fact]
    public void Nothing_is_made_when_nobody_listens() => Traces.Begin(new DefaultHttpContext()).ShouldBeNull();

    static void Map(WebApplication app) => app.MapGet("/span/{key}", (HttpContext _) =>
    {
        Traces.Link(Cause);
        Activity.Current.ShouldNotBeNull();
        return "ok";
    }).AllowAnonymous();

    static JsonElement Only(MemoryStream output, string name) =>
        Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Single(line => line.TryGetProperty("span", out var span) && span.GetString() == name);
}
