using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Watchdesk.Client;

/// <summary>
/// Sends run events to Watchdesk from a background loop. <see cref="Send"/> never waits and never throws: a job runs the
/// same whether Watchdesk answers or not. What cannot be sent waits in bounded memory.
/// </summary>
/// <example><code>
/// await using var client = new HeartbeatClient(new HeartbeatOptions { Url = "https://desk.example.org", Key = key });
/// client.Send(new RunEvent("nightly-backup", RunEventKind.Success));
/// </code></example>
public sealed partial class HeartbeatClient : IDisposable
#if NET
    , IAsyncDisposable
#endif
{
    readonly HeartbeatOptions _options;
    readonly ILogger _logger;
    readonly HttpClient _http;
    readonly HeartbeatSender _sender;
    readonly EventBuffer _buffer;
    readonly SemaphoreSlim _work = new(0);
    readonly CancellationTokenSource _abort = new();
    readonly object _stopGate = new();
    readonly Task _loop;
    Task? _stopped;
    long _dropped;

    /// <param name="handler">Sends the requests instead of the client's own handler; not disposed.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the text says which.</exception>
    public HeartbeatClient(HeartbeatOptions options, ILogger? logger = null, HttpMessageHandler? handler = null)
    {
        _options = (options ?? throw new ArgumentNullException(nameof(options))).CheckedCopy();
        _logger = new QuietLogger(logger ?? NullLogger.Instance);
        _http = new HttpClient(handler ?? OwnHandler(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        _sender = new HeartbeatSender(_http, _options);
        _buffer = new EventBuffer(_options.MaxEvents, _options.MaxBytes);
        if (new Uri(_options.Url) is { Scheme: "http", IsLoopback: false })
        {
            _logger.Readable();
        }

        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Events that wait for Watchdesk, those on their way included.</summary>
    public int Waiting => _buffer.Count;

    /// <summary>Memory that they take, in bytes.</summary>
    public long WaitingBytes => _buffer.Bytes;

    /// <summary>Events given up because the buffer was full or the client stopped.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events that Watchdesk took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Events that Watchdesk refused, each reason logged once.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    internal ILogger Logger => _logger;

    internal HeartbeatClock Clock => _options.Clock;

    /// <summary>Hands over an event and returns at once.</summary>
    /// <returns>False when an event, this one or an older one, was given up.</returns>
    public bool Send(RunEvent runEvent)
    {
        try
        {
            if (_stopped is not null)
            {
                Interlocked.Increment(ref _dropped);
                return false;
            }

            var dropped = _buffer.Add(RunEventJson.Line(runEvent, _options.Clock.Now(), _options.Host), Rank(runEvent));
            if (dropped > 0 && Interlocked.Add(ref _dropped, dropped) == dropped)
            {
                _logger.Full();
            }

            if (_work.CurrentCount == 0)
            {
                _work.Release();
            }

            return dropped == 0;
        }
#pragma warning disable CA1031 // A job must not fail because its heartbeat cannot be made.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _dropped);
            _logger.Failed("an event", e);
            return false;
        }
    }

    /// <summary>Sends what waits now, without waiting for company.</summary>
    /// <returns>False when events still wait after the time limit.</returns>
    public async Task<bool> FlushAsync(TimeSpan limit)
    {
        using var enough = new CancellationTokenSource();
        var timeout = _options.Clock.Delay(limit, enough.Token);
        var empty = HurryAsync();
        await Task.WhenAny(empty, timeout).ConfigureAwait(false);
        enough.Cancel();
        return _buffer.Count == 0;
    }

    /// <summary>Sends what waits, for at most <see cref="HeartbeatOptions.StopTimeout"/>, and stops. Later events are given up.</summary>
    public Task StopAsync()
    {
        lock (_stopGate)
        {
            return _stopped ??= Task.Run(StopOnceAsync);
        }
    }

    async Task StopOnceAsync()
    {
        await FlushAsync(_options.StopTimeout).ConfigureAwait(false);
        _abort.Cancel();
        await _loop.ConfigureAwait(false);
        if (_buffer.Count is > 0 and var unsent)
        {
            Interlocked.Add(ref _dropped, unsent);
            _logger.Unsent(unsent);
        }

        _http.Dispose();
    }

#if NET
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
#endif

    /// <summary>Stops as <see cref="StopAsync"/> does and waits for it.</summary>
    public void Dispose() => StopAsync().GetAwaiter().GetResult();

    static HttpMessageHandler OwnHandler() =>
#if NET
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
#else
        new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
#endif

    static EventRank Rank(RunEvent e) => e.Kind switch
    {
        RunEventKind.Log when e.NextAt is null && !e.NothingDue => EventRank.Remark,
        RunEventKind.Log or RunEventKind.Misfire => EventRank.Schedule,
        _ => EventRank.Run,
    };
}
