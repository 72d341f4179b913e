using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Group commit: items that arrive while a queue put is under way share the next message, and all are acknowledged when
/// that message is stored. An item that arrives alone goes at once; where the last message had many senders, the next one
/// waits a moment for them to come back, since a put costs the same for one item as for hundreds.
/// </summary>
public sealed class Inbox(IMessageSender sender, BlobClient blobs, TimeProvider clock)
{
    public const string Queue = "inbox";
    public const string Container = "inbox";

    /// <summary>An item whose JSON is longer goes to a blob first.</summary>
    public const int MaxItemBytes = 32 * 1024;

    internal static readonly Counter<long> Accepted =
        new Meter(Telemetry.MeterName).CreateCounter<long>("watchdesk.events.accepted", description: "Pings and run events that were stored.");

    const int MaxItemsBytes = MessageLimits.MaxBodyBytes - 512;
    const int MaxPutsUnderWay = 2;
    static readonly TimeSpan GatherLimit = TimeSpan.FromMilliseconds(3);

    /// <summary>A put that takes longer holds up nobody who comes after it.</summary>
    static readonly TimeSpan SlowPut = TimeSpan.FromMilliseconds(50);
    const int MaxWaitingBytes = 64 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly Queue<Batch> _waiting = new();
    readonly Dictionary<(string Kind, string Tenant), Batch> _filling = [];
    int _putsUnderWay;
    int _lastCallers;
    long _lastPutBegan;
    long _waitingBytes;

    /// <summary>Returns when the items are stored.</summary>
    /// <param name="items">JSON objects separated by commas, at most one message full.</param>
    /// <param name="kind">Of the envelope: whose items they are.</param>
    /// <exception cref="RemoteCallException">Storage did not take them; transient when trying again may help.</exception>
    public Task AcceptAsync(string tenant, ReadOnlySpan<byte> items, string kind = InboxItem.Kind)
    {
        lock (_gate)
        {
            if (_waitingBytes > MaxWaitingBytes)
            {
                throw new RemoteCallException("inbox", "accept", 503, "Busy", isTransient: true, TimeSpan.FromSeconds(2));
            }

            if (!_filling.TryGetValue((kind, tenant), out var batch) || batch.Items.WrittenCount + items.Length + 1 > MaxItemsBytes)
            {
                batch = new Batch(kind, tenant, Activity.Current?.Id);
                _filling[(kind, tenant)] = batch;
                _waiting.Enqueue(batch);
            }

            batch.Add(items, _lastCallers);
            _waitingBytes += items.Length;
            if (_putsUnderWay == 0 || (_putsUnderWay < MaxPutsUnderWay && (_waiting.Count > 1 || IsPutSlow())))
            {
                _putsUnderWay++;
                ThreadPool.UnsafeQueueUserWorkItem(static inbox => _ = inbox.PutWaitingAsync(), this, preferLocal: false);
            }

            return batch.Stored.Task;
        }
    }

    /// <summary>Accepts one event, its text in a blob when it is long.</summary>
    public async Task AcceptAsync(string tenant, RunEvent e, CancellationToken cancellationToken)
    {
        var item = InboxItem.ToJson(e);
        if (item.Length > MaxItemBytes)
        {
            var name = $"{tenant}/{e.Id}.txt";
            await blobs.PutAsync(Container, name, System.Text.Encoding.UTF8.GetBytes(e.Message ?? ""), "text/plain; charset=utf-8", cancellationToken);
            item = InboxItem.ToJson(e, messageBlob: $"{Container}/{name}");
        }

        await AcceptAsync(tenant, item.Span);
    }

    /// <summary>Accepts a whole request: in the shared message when it fits, else as one blob and one message.</summary>
    public async Task AcceptManyAsync(string tenant, ReadOnlyMemory<byte> items, string kind, CancellationToken cancellationToken)
    {
        if (items.Length + 2 <= MaxItemsBytes)
        {
            await AcceptAsync(tenant, items.Span, kind);
            return;
        }

        var id = Keys.NewId(clock.GetUtcNow());
        byte[] array = [(byte)'[', .. items.Span, (byte)']'];
        await blobs.PutAsync(Container, NameOf(tenant, id), array, "application/json", cancellationToken);
        await sender.SendAsync(Queue, Envelope.Write(kind, tenant, id, Activity.Current?.Id, default, $"{Container}/{NameOf(tenant, id)}"), id, cancellationToken);
    }

    /// <summary>The blob with the items of a message that does not hold them itself.</summary>
    public static string NameOf(string tenant, string requestId) => $"{tenant}/{requestId}.json";

    async Task PutWaitingAsync()
    {
        while (true)
        {
            if (FindUngathered() is { } ungathered)
            {
                // Real time also under a test's clock: how long it lasts decides nothing.
                await Task.WhenAny(ungathered.Gathered.Task, Task.Delay(GatherLimit, TimeProvider.System));
            }

            if (TakeWaiting() is not { } batch)
            {
                return;
            }

            try
            {
                batch.Items.Write("]"u8);
                var id = Keys.NewId(clock.GetUtcNow());
                await sender.SendAsync(Queue, Envelope.Write(batch.Kind, batch.Tenant, id, batch.Traceparent, batch.Items.WrittenSpan), id, CancellationToken.None);
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
            return _waiting.Count == 1 && _waiting.Peek() is var batch && batch.Callers < _lastCallers ? batch : null;
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

            _lastCallers = batch.Callers;
            _lastPutBegan = clock.GetTimestamp();
            _waitingBytes -= batch.Items.WrittenCount;
            if (_filling.TryGetValue((batch.Kind, batch.Tenant), out var filling) && filling == batch)
            {
                _filling.Remove((batch.Kind, batch.Tenant));
            }

            return batch;
        }
    }

    sealed class Batch(string kind, string tenant, string? traceparent)
    {
        public string Kind => kind;

        public string Tenant => tenant;

        public string? Traceparent => traceparent;

        public ArrayBufferWriter<byte> Items { get; } = new(4096);

        /// <summary>How many wait for this message to be stored.</summary>
        public int Callers { get; private set; }

        /// <summary>As many callers are here as the last message had.</summary>
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
