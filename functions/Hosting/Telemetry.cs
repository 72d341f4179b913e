using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Watchdesk.Hosting;

/// <summary>
/// Sends spans and metrics where the settings say: by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, built in the
/// background so that a cold start does not wait for it; as JSON lines in handler mode with Application Insights.
/// </summary>
sealed class Telemetry(DeskStart start, IConfiguration configuration, LineLog lines) : IHostedService, IDisposable
{
    public const string MeterName = "Watchdesk";

    /// <summary>How long invocations take, by function and outcome.</summary>
    internal static readonly Histogram<double> Invocations = new Meter(MeterName, DeskVersion.Text).CreateHistogram<double>("watchdesk.invocation.duration", "s", "Duration of a function's invocation.");

    SpanLines? spanLines;
    TracerProvider? traces;
    MeterProvider? metrics;

    /// <summary>Done when the exporters are there.</summary>
    internal Task Built { get; private set; } = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } text && Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var endpoint))
        {
            Built = Task.Run(() => Build(endpoint), cancellationToken);
        }
        else if (start.IsHandler && configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
        {
            spanLines = new SpanLines(lines);
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends what is still in memory.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Built;
        traces?.Shutdown(5_000);
        metrics?.Shutdown(5_000);
    }

    public void Dispose()
    {
        spanLines?.Dispose();
        traces?.Dispose();
        metrics?.Dispose();
    }

    void Build(Uri endpoint)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("watchdesk", serviceVersion: DeskVersion.Text);
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Traces.Name).AddOtlpExporter(options => To(options, endpoint, "v1/traces")).Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter(options => To(options, endpoint, "v1/metrics")).Build();
    }

    /// <summary>Over HTTP, which passes every proxy and needs no second stack.</summary>
    static void To(OtlpExporterOptions options, Uri endpoint, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(endpoint, path);
    }
}
