using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded;

/// <summary>
/// Takes messages from the Storage queue that stands for a trigger's queue and invokes its function. Done messages are
/// deleted while the next ones are taken; failed ones come again later, with a higher delivery count.
/// </summary>
/// <param name="client">What a function with the input <c>durableClient</c> gets.</param>
sealed class QueuePump(FunctionDefinition function, FunctionInvoker invoker, StorageQueueClient queues, QueueSettings settings, string client, TimeProvider clock)
{
    const int SettledAtOnce = 4;
    static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    readonly QueueTrigger trigger = (QueueTrigger)function.Trigger;

    int MaxTaken => trigger.IsMany ? settings.ManySize : settings.BatchSize;

    /// <param name="stopping">No further message is taken.</param>
    /// <param name="aborting">The invocations that run are given up.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        var wait = ShortestWait;
        var settling = Task.CompletedTask;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var taken = await TakeAsync(stopping);
                if (taken.Count == 0)
                {
                    await Task.Delay(wait, clock, stopping);
                    wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                    continue;
                }

                wait = ShortestWait;
                var since = clock.GetTimestamp();
                var (held, isDone) = await HandleAsync(taken, aborting);
                await settling;
                settling = SettleAllAsync(held, isDone, aborting);
                if (taken.Count < MaxTaken)
                {
                    // Half of the time is for others. What comes meanwhile is taken together: an invocation costs about the same for one message as for many.
                    var took = clock.GetElapsedTime(since);
                    await Task.Delay(took < ShortestWait ? ShortestWait : took < LongestPause ? took : LongestPause, clock, stopping);
                }
            }
        }
        finally
        {
            await settling;
        }
    }

    /// <summary>Asks until it has enough or there is no more.</summary>
    async Task<List<StoredMessage>> TakeAsync(CancellationToken stopping)
    {
        var taken = new List<StoredMessage>();
        int wanted, got;
        do
        {
            wanted = Math.Min(StorageQueueClient.MaxTake, MaxTaken - taken.Count);
            var more = await queues.GetAsync(trigger.Queue, wanted, QueueSettings.Hold, stopping);
            got = more.Count;
            taken.AddRange(more);
        }
        while (got == wanted && taken.Count < MaxTaken);
        return taken;
    }

    /// <summary>The messages as they are held now (a renewal changes the receipt), and for each whether it is done.</summary>
    async Task<(StoredMessage[] Held, bool[] IsDone)> HandleAsync(List<StoredMessage> taken, CancellationToken aborting)
    {
        var held = taken.ToArray();
        using var handled = CancellationTokenSource.CreateLinkedTokenSource(aborting);
        var renewing = RenewAsync(held, handled.Token);
        var isDone = trigger.IsMany
            ? [.. Enumerable.Repeat(await InvokeAsync(() => Envelopes.Many(function, [.. held.Select(ToBroker)], clock.GetUtcNow(), client), aborting), held.Length)]
            : await Task.WhenAll(held.Select(message => InvokeAsync(() => Envelopes.One(function, ToBroker(message), clock.GetUtcNow()), aborting)));
        await handled.CancelAsync();
        await renewing;
        return (held, isDone);
    }

    async Task<bool> InvokeAsync(Func<ReadOnlyMemory<byte>> envelope, CancellationToken aborting)
    {
        try
        {
            return await invoker.InvokeAsync(function, envelope(), aborting);
        }
        catch (JsonException)
        {
            // Without dataType the host cannot hand over what is not JSON: the invocation fails.
            return false;
        }
    }

    async Task RenewAsync(StoredMessage[] held, CancellationToken handled)
    {
        try
        {
            while (true)
            {
                await Task.Delay(QueueSettings.RenewEvery, clock, handled);
                for (var i = 0; i < held.Length; i++)
                {
                    held[i] = await queues.RenewAsync(trigger.Queue, held[i], QueueSettings.Hold, handled) ?? held[i];
                }
            }
        }
        catch (OperationCanceledException) when (handled.IsCancellationRequested)
        {
            // Handled: the receipts are as fresh as they get.
        }
        catch (RemoteCallException)
        {
            // Storage is away: the messages may be delivered a second time, which every handler bears.
        }
    }

    /// <summary>A few at a time: whoever sends meanwhile does not stand behind all of them.</summary>
    Task SettleAllAsync(StoredMessage[] held, bool[] isDone, CancellationToken aborting) => Parallel.ForAsync(
        0, held.Length, new ParallelOptions { MaxDegreeOfParallelism = SettledAtOnce, CancellationToken = aborting },
        async (i, token) => await SettleAsync(held[i], isDone[i], token));

    async Task SettleAsync(StoredMessage message, bool isDone, CancellationToken aborting)
    {
        if (!isDone && message.Dequeued < settings.MaxDeliveries)
        {
            await queues.RenewAsync(trigger.Queue, message, settings.RetryAfter, aborting);
            return;
        }

        if (!isDone)
        {
            await queues.PutAsync(trigger.Queue + "-poison", message.Body, TimeSpan.Zero, aborting);
        }

        await queues.DeleteAsync(trigger.Queue, message, aborting);
    }

    static BrokerMessage ToBroker(StoredMessage message) =>
        new(message.Id, message.Body.ToArray(), message.Dequeued, message.InsertedAt, message.ExpiresAt, message.NextVisibleAt ?? message.InsertedAt, message.PopReceipt);
}
