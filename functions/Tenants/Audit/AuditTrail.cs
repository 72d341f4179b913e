using System.Collections.Concurrent;
using Watchdesk.Clients;

namespace Watchdesk.Tenants.Audit;

/// <summary>
/// What waits to be written. A request does not wait for its row: rows are written about a second later as transactions
/// of up to 100, and at the end of the process; a crash loses at most that second.
/// </summary>
public sealed partial class AuditTrail(AuditStore store, ILogger<AuditTrail> log) : IDisposable
{
    const int Capacity = 20_000;
    const int AtOnce = 1000;

    readonly ConcurrentQueue<AuditEntry> _waiting = new();
    readonly SemaphoreSlim _some = new(0);
    readonly SemaphoreSlim _one = new(1);
    int _count;
    long _lost;

    /// <summary>When storage is away for long the newest are lost, and the log says how many.</summary>
    public void Add(AuditEntry entry)
    {
        var count = Interlocked.Increment(ref _count);
        if (count > Capacity)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _lost);
            return;
        }

        _waiting.Enqueue(entry);
        if (count == 1)
        {
            _some.Release();
        }
    }

    /// <summary>Returns when something waits.</summary>
    public Task SomeAsync(CancellationToken cancellationToken) => Volatile.Read(ref _count) > 0 ? Task.CompletedTask : _some.WaitAsync(cancellationToken);

    /// <summary>Writes what waits now. What storage did not take waits on.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            {
                Log.Lost(log, lost);
            }

            for (var left = Volatile.Read(ref _count); left > 0; left -= AtOnce)
            {
                await WriteAsync(Take(Math.Min(left, AtOnce)), cancellationToken);
            }
        }
        catch (RemoteCallException error)
        {
            Log.PutOff(log, Volatile.Read(ref _count), error.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _some.Dispose();
        _one.Dispose();
    }

    List<AuditEntry> Take(int most)
    {
        var taken = new List<AuditEntry>(most);
        while (taken.Count < most && _waiting.TryDequeue(out var entry))
        {
            taken.Add(entry);
        }

        return taken;
    }

    async Task WriteAsync(List<AuditEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(entries, cancellationToken);
            Interlocked.Add(ref _count, -entries.Count);
        }
        catch
        {
            // Some may be written: a row is written again under the same key.
            entries.ForEach(_waiting.Enqueue);
            throw;
        }
    }

    static partial class Log
    {
        [LoggerMessage(220, LogLevel.Warning, "{Count} requests are not in the audit: storage was away for too long")]
        public static partial void Lost(ILogger log, long count);

        [LoggerMessage(221, LogLevel.Warning, "{Count} audit rows wait: {Reason}")]
        public static partial void PutOff(ILogger log, int count, string reason);
    }
}
