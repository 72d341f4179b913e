using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

[Collection("traces")]
public sealed class TelemetryTests : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, byte[]> received = new(StringComparer.Ordinal);
    WebApplication? collector;

    [Fact]
    public async Task Spans_and_metrics_go_to_the_collector_that_the_settings_name()
    {
        var endpoint = await CollectAsync();
        await using (var desk = await TestApp.StartAsync(builder => builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint, map: app => app.MapTrigger("Probe", (_, _) => Task.CompletedTask)))
        {
            await desk.BuiltAsync();
            await desk.Services.GetRequiredService<InMemoryPipeline>().InvokeAsync("Probe", "{}"u8.ToArray(), "1", default);
        }

        Text("/v1/traces").ShouldContain("Probe");
        Text("/v1/metrics").ShouldContain("watchdesk.invocation.duration");
    }

    public async ValueTask DisposeAsync()
    {
        if (collector is not null)
        {
            await collector.DisposeAsync();
        }
    }

    string Text(string path) => received.TryGetValue(path, out var body) ? Encoding.UTF8.GetString(body) : "";

    async Task<string> CollectAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.AddOrUpdate(context.Request.Path, _ => body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
            context.Response.ContentType = "application/x-protobuf";
        });
        await collector.StartAsync();
        return collector.Urls.First();
    }
}

static class TelemetryOf
{
    /// <summary>The exporters are built in the background.</summary>
    public static Task BuiltAsync(this TestApp desk) =>
        desk.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Telemetry>().Single().Built;
}
