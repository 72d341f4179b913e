using System.Buffers;
using System.Diagnostics;
using Watchdesk.Clients;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Items that arrive while a queue put is under way share the next message, and all are acknowledged when that message is
/// stored. An item that arrives alone goes at once; where the last message had many senders, the next one waits for them
/// to come back, at most as long as a put takes: a put costs the same for one item as for hundreds.
/// </summary>
sealed class GroupCommit(IMessageSender sender, TimeProvider clock)
{
    /// <summary>What one message holds beside its envelope.</summary>
    public const int MaxItemsBytes = MessageLimits.MaxBodyBytes - 512;

    const int MaxPutsUnderWay = 2;
    const int MaxWaitingBytes = 64 * 1024 * 1024;
    static readonly TimeSpan MaxGather = TimeSpan.FromMilliseconds(10);

    /// <summary>A put that takes longer holds up nobody who comes after it.</summary>
    static readonly TimeSpan SlowPut = TimeSpan.FromMilliseconds(50);

    readonly Lock _gate = new();
    readonly Queue<Batch> _waiting = new();
    readonly Dictionary<(string Tenant, string Kind), Batch> _filling = [];
    int _putsUnderWay;
    int _expectedCallers;
    long _lastPutBegan;
    TimeSpan _lastPutTook;
    long _waitingBytes;

    /// <summary>Returns when the items are stored.</summary>
    /// <param name="kind">Of the envelope: whose items they are.</param>
    /// <param name="items">JSON objects separated by commas, at most one message full.</param>
    /// <exception cref="RemoteCallException">Storage did not take them; transient when trying again may help.</exception>
    public Task AcceptAsync(string tenant, string kind, ReadOnlySpan<byte> items)
    {
        lock (_gate)
        {
            if (_waitingBytes > MaxWaitingBytes)
            {
                throw new RemoteCallException("inbox", "accept", 503, "Busy", isTransient: true, TimeSpan.FromSeconds(2));
            }

            if (!_filling.TryGetValue((tenant, kind), out var batch) || batch.Items.WrittenCount + items.Length + 1 > MaxItemsBytes)
            {
                batch = new Batch(tenant, kind, Activity.Current?.Id);
                _filling[(tenant, kind)] = batch;
                _waiting.Enqueue(batch);
            }

            batch.Add(items, _expectedCallers);
            _waitingBytes += items.Length;
            if (_putsUnderWay == 0 || (_putsUnderWay < MaxPutsUnderWay && (_waiting.Count > 1 || IsPutSlow())))
            {
                _putsUnderWay++;
                ThreadPool.UnsafeQueueUserWorkItem(static commit => _ = commit.PutWaitingAsync(), this, preferLocal: false);
            }

            return batch.Stored.Task;
        }
    }

    async Task PutWaitingAsync()
    {
        while (true)
        {
            if (FindUngathered() is { } ungathered)
            {
                // Real time also under a test's clock: how long it lasts decides nothing.
                await Task.WhenAny(ungathered.Gathered.Task, Task.Delay(_lastPutTook < MaxGather ? _lastPutTook : MaxGather, TimeProvider.System));
            }

            if (TakeWaiting() is not { } batch)
            {
                return;
            }

            try
            {
                batch.Items.Write("]"u8);
                var id = Keys.NewId(clock.GetUtcNow());
                await sender.SendAsync(Inbox.Queue, Envelope.Write(batch.Kind, batch.Tenant, id, batch.Traceparent, batch.Items.WrittenSpan), id, CancellationToken.None);
                Expect(batch.Callers);
                batch.Stored.SetResult();
            }
            catch (Exception failure)
            {
                batch.Stored.SetException(failure);
            }
        }
    }

    /// <summary>Null when the next message need not wait: nobody else is to be expected, or more wait already.</summary>
    Batch? FindUngathered()
    {
        lock (_gate)
        {
            return _waiting.Count == 1 && _waiting.Peek() is var batch && batch.Callers < _expectedCallers ? batch : null;
        }
    }

    /// <summary>Those who get their answer now may come again, beside those who wait already.</summary>
    void Expect(int answered)
    {
        lock (_gate)
        {
            _lastPutTook = clock.GetElapsedTime(_lastPutBegan);
            _expectedCallers = answered + (_waiting.TryPeek(out var next) ? next.Callers : 0);
        }
    }

    bool IsPutSlow() => clock.GetElapsedTime(_lastPutBegan) > SlowPut;

    Batch? TakeWaiting()
    {
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out var batch))
            {
                _putsUnderWay--;
                return null;
            }

            _lastPutBegan = clock.GetTimestamp();
            _waitingBytes -= batch.Items.WrittenCount;
            if (_filling.TryGetValue((batch.Tenant, batch.Kind), out var filling) && filling == batch)
            {
                _filling.Remove((batch.Tenant, batch.Kind));
            }

            return batch;
        }
    }

    sealed class Batch(string tenant, string kind, string? traceparent)
    {
        public string Tenant => tenant;

        public string Kind => kind;

        public string? Traceparent => traceparent;

        public ArrayBufferWriter<byte> Items { get; } = new(4096);

        /// <summary>How many wait for this message to be stored.</summary>
        public int Callers { get; private set; }

        /// <summary>As many callers are here as are expected.</summary>
        public TaskCompletionSource Gathered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(ReadOnlySpan<byte> items, int expectedCallers)
        {
            Items.Write(Callers == 0 ? "["u8 : ","u8);
            Items.Write(items);
            if (++Callers == expectedCallers)
            {
                Gathered.TrySetResult();
            }
        }
    }
}
