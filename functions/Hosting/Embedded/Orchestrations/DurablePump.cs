using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Takes work items from the queue <c>durable</c> while there is a free place, and deletes them when all that follows from them is stored.</summary>
sealed partial class DurablePump(DurableEngine engine, DurableMail mail, StorageQueueClient queues, TimeProvider clock, ILogger<DurablePump> log) : IDisposable
{
    const int Places = 32;
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim places = new(Places);
    readonly SemaphoreSlim sent = new(0, 1);

    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        mail.Sent = Signal;
        var wait = TimeSpan.FromMilliseconds(10);
        while (!stopping.IsCancellationRequested)
        {
            await places.WaitAsync(stopping);
            places.Release();
            var taken = await queues.GetAsync(DurableMessage.Queue, Math.Clamp(places.CurrentCount, 1, StorageQueueClient.MaxTake), QueueSettings.Hold, stopping);
            foreach (var message in taken)
            {
                await places.WaitAsync(aborting);
                _ = HandleAsync(message, aborting);
            }

            wait = taken.Count > 0 ? TimeSpan.FromMilliseconds(10) : wait * 2 < LongestWait ? wait * 2 : LongestWait;
            if (taken.Count == 0)
            {
                await sent.WaitAsync(wait, stopping);
            }
        }
    }

    /// <summary>Waits for what runs.</summary>
    public async Task FinishAsync(CancellationToken aborting)
    {
        for (var free = 0; free < Places; free++)
        {
            await places.WaitAsync(aborting);
        }
    }

    public void Dispose()
    {
        places.Dispose();
        sent.Dispose();
    }

    void Signal()
    {
        try
        {
            sent.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    async Task HandleAsync(StoredMessage message, CancellationToken aborting)
    {
        using var handled = CancellationTokenSource.CreateLinkedTokenSource(aborting);
        var held = message;
        var renewing = RenewAsync(message, renewed => held = renewed, handled.Token);
        try
        {
            var isDone = DurableMessage.Read(message.Body) is not { } work || await engine.HandleAsync(work, aborting);
            await handled.CancelAsync();
            await renewing;
            if (isDone)
            {
                await queues.DeleteAsync(DurableMessage.Queue, held, aborting);
            }
            else
            {
                await queues.RenewAsync(DurableMessage.Queue, held, AgainAfter, aborting);
            }
        }
#pragma warning disable CA1031 // The message comes again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!aborting.IsCancellationRequested)
            {
                Log.Again(log, message.Dequeued, error.Message);
            }
        }
        finally
        {
            await handled.CancelAsync();
            places.Release();
        }
    }

    async Task RenewAsync(StoredMessage message, Action<StoredMessage> renewed, CancellationToken handled)
    {
        try
        {
            while (true)
            {
                await Task.Delay(QueueSettings.RenewEvery, clock, handled);
                message = await queues.RenewAsync(DurableMessage.Queue, message, QueueSettings.Hold, handled) ?? message;
                renewed(message);
            }
        }
        catch (Exception error) when (error is RemoteCallException or OperationCanceledException)
        {
            // Handled, or storage is away: then it may be delivered a second time.
        }
    }

    static partial class Log
    {
        [LoggerMessage(52, LogLevel.Warning, "A work item of an orchestration comes again after delivery {Delivery}: {Reason}")]
        public static partial void Again(ILogger log, int delivery, string reason);
    }
}
