namespace Watchdesk.Client;

public sealed partial class HeartbeatClient
{
    const int BatchEvents = 1_000;
    const int BatchBytes = 1_000_000;
    const int KnownReasons = 100;

    readonly HashSet<string> _reasons = new(StringComparer.Ordinal);
    readonly Random _jitter = new();
    readonly object _hurryGate = new();
    CancellationTokenSource _hurry = new();
    TaskCompletionSource<bool>? _empty;
    long _sent;
    long _refused;
    long _toldDropped;

    async Task RunAsync()
    {
        try
        {
            while (!_abort.IsCancellationRequested)
            {
                await _work.WaitAsync(_abort.Token).ConfigureAwait(false);
                await PauseAsync(_options.SendInterval).ConfigureAwait(false);
                while (_buffer.Take(BatchEvents, BatchBytes) is { Count: > 0 } batch)
                {
                    await DeliverAsync(batch).ConfigureAwait(false);
                    _buffer.Release(batch);
                }

                Calm();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: what is left is counted there.
        }
    }

    async Task DeliverAsync(IReadOnlyList<byte[]> batch)
    {
        for (var attempt = 0; ; attempt++)
        {
            var dropped = Dropped - _toldDropped;
            var result = await _sender.SendAsync(batch, dropped, _abort.Token).ConfigureAwait(false);
            switch (result.Outcome)
            {
                case SendOutcome.Done:
                    Account(batch.Count, result.Refusals);
                    if (attempt > 0)
                    {
                        _logger.Back(dropped);
                    }

                    _toldDropped += dropped;
                    return;
                case SendOutcome.TooLarge when batch.Count > 1:
                    await DeliverAsync(batch.Take(batch.Count / 2).ToList()).ConfigureAwait(false);
                    await DeliverAsync(batch.Skip(batch.Count / 2).ToList()).ConfigureAwait(false);
                    return;
                case SendOutcome.TooLarge:
                    Account(1, ["the event is too large"]);
                    return;
            }

            if (attempt == 0)
            {
                _logger.Away(result.Problem ?? "", _buffer.Count);
            }

            await PauseAsync(result.RetryAfter ?? Backoff(attempt, result.Outcome)).ConfigureAwait(false);
        }
    }

    TimeSpan Backoff(int attempt, SendOutcome outcome)
    {
        var longest = _options.MaxRetryDelay.TotalSeconds;
        var seconds = outcome == SendOutcome.Misconfigured ? longest : Math.Min(longest, Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.2 * _jitter.NextDouble())));
    }

    void Account(int events, IReadOnlyList<string> refusals)
    {
        Interlocked.Add(ref _sent, events - Math.Min(events, refusals.Count));
        Interlocked.Add(ref _refused, Math.Min(events, refusals.Count));
        foreach (var reason in refusals)
        {
            if (_reasons.Count < KnownReasons && _reasons.Add(reason))
            {
                _logger.Refused(reason);
            }
        }
    }

    /// <summary>Waits, unless somebody is in a hurry: then only for what remains to be said, one pause each.</summary>
    async Task PauseAsync(TimeSpan time)
    {
        CancellationToken hurry;
        lock (_hurryGate)
        {
            hurry = _hurry.Token;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry, _abort.Token);
        try
        {
            await _options.Clock.Delay(time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_abort.IsCancellationRequested)
        {
            lock (_hurryGate)
            {
                _hurry = new CancellationTokenSource();
            }
        }
    }

    /// <summary>Ends the present pause.</summary>
    /// <returns>Completes when nothing waits.</returns>
    Task HurryAsync()
    {
        lock (_hurryGate)
        {
            if (_buffer.Count == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

            // Elsewhere: what waits for the pause goes on inside this call.
            _ = Task.Run(_hurry.Cancel);
            return _empty.Task;
        }
    }

    void Calm()
    {
        lock (_hurryGate)
        {
            if (_buffer.Count == 0)
            {
                _empty?.TrySetResult(true);
                _empty = null;
            }
        }
    }
}
