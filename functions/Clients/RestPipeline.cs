using Azure.Core;
using Azure.Core.Pipeline;

namespace Watchdesk.Clients;

/// <summary>The pipeline that every remote service is called through: at most 4 tries, at most a minute.</summary>
static class RestPipeline
{
    const int Retries = 3;
    static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>Under the 5 s after which the emulator drops a connection.</summary>
    static readonly TimeSpan LocalIdle = TimeSpan.FromSeconds(4);

    public static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <param name="authentication">Runs at every try, so that dates and tokens are fresh.</param>
    public static HttpPipeline Build(HttpPipelinePolicy authentication, HttpPipelineTransport transport, TimeSpan retryDelay)
    {
        var options = new Options { Transport = transport, RetryPolicy = new BoundedRetry(retryDelay) };
        options.Retry.NetworkTimeout = TryTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return HttpPipelineBuilder.Build(options, [], [authentication], new ResponseClassifier());
    }

    public static HttpPipelineTransport Transport(bool isLocal)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !isLocal,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = isLocal ? LocalIdle : TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        return new HttpClientTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
    }

    sealed class Options : ClientOptions;

    /// <summary>Leaves long waits to the caller, who can do something else meanwhile.</summary>
    sealed class BoundedRetry(TimeSpan delay) : RetryPolicy(Retries, DelayStrategy.CreateExponentialDelayStrategy(delay, MaxWait))
    {
        protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
            IsLong(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

        protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
            !IsLong(message) && base.ShouldRetry(message, exception);

        static bool IsLong(HttpMessage message) => message.HasResponse && RemoteErrors.RetryAfter(message.Response) > MaxWait;
    }
}
