using Watchdesk.Clients;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>
/// Runs the turns of an instance while it has something to do. One process at a time by a lease, one turn at a time by the
/// ETag of its row; everything that a turn changes is one transaction, and its actions follow from what that has written.
/// </summary>
sealed partial class DurableEngine(DurableStore store, DurableFunctions functions, DurableDispatch dispatch, Chaos chaos, TimeProvider clock, ILogger<DurableEngine> log) : IDisposable
{
    /// <summary>After a process was killed nobody runs its instances for this long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>A transaction has 100 rows.</summary>
    const int MaxTaken = 64;
    const int MaxTakenBytes = 1_500_000;
    const int MaxTurnBytes = 1_800_000;

    readonly KnownHistories histories = new();
    readonly string owner = Guid.NewGuid().ToString("N");
    readonly InstanceGates gates = new();

    /// <summary>False when it must be tried again: another process runs this instance.</summary>
    public async Task<bool> HandleAsync(DurableMessage message, CancellationToken cancellationToken)
    {
        if (message.Activity is { } activity && message.Execution is { } execution)
        {
            await ActAsync(message, activity, execution, cancellationToken);
        }

        return await gates.PassAsync(message.Id, () => StepAsync(message.Id, cancellationToken), cancellationToken);
    }

    public void Dispose() => gates.Dispose();

    /// <summary>What is recorded is not done again; a try that two deliveries run at once is recorded once.</summary>
    async Task ActAsync(DurableMessage message, string activity, string execution, CancellationToken cancellationToken)
    {
        var rowKey = DurableKeys.Task(execution, message.Task);
        var (instance, isRecorded) = (await store.FindAsync(message.Id, cancellationToken), await store.ContainsAsync(message.Id, rowKey, cancellationToken));
        if (instance is null || instance.ExecutionId != execution || instance.IsFinished || instance.IsDone(message.Task) || isRecorded)
        {
            return;
        }

        var input = message.Input ?? await store.FindInputAsync(message.Id, execution, message.Task, cancellationToken);
        var outcome = await functions.ActAsync(activity, message.Id, message.Task, input, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow();
        outcome.EventId = -1;
        outcome.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now);
        await store.ArriveAsync(message.Id, new Arrival(rowKey, now, outcome), cancellationToken);
    }

    /// <summary>
    /// Null to look again; true when all that was found is done; false when somebody else is at it. What arrived since is done
    /// by its own message: that is sent after its row is stored, and deleted by who has looked after that.
    /// </summary>
    async Task<bool?> StepAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await store.ReadAsync(id, histories.Find(id), cancellationToken) is not { } found)
        {
            histories.Forget(id);
            return true;
        }

        histories.Keep(found);
        if (found.IsIdle)
        {
            return true;
        }

        if (found.Instance.Owner != owner && found.Instance.LeasedUntil > now)
        {
            return false;
        }

        if (await store.LeaseAsync(found.Instance, owner, now + Lease, cancellationToken) is not { } leased)
        {
            return null;
        }

        if (found.Outbox.Count > 0)
        {
            await dispatch.CarryOutAsync(leased, [.. found.Outbox.SelectMany(row => row.Turn.Actions)], cancellationToken);
            await ReleaseAsync(leased, found.Outbox.Select(row => row.RowKey), cancellationToken);
            return null;
        }

        var (fresh, repeated) = Sort(leased, found.Inbox);
        if (fresh.Count == 0)
        {
            await store.DropAsync(id, [.. found.LateRows, .. repeated.Select(arrival => arrival.RowKey)], cancellationToken);
            await ReleaseAsync(leased, [], cancellationToken);
            return true;
        }

        return await TurnAsync(leased, found, fresh, now, cancellationToken);
    }

    async Task<bool?> TurnAsync(DurableInstance leased, DurablePartition found, IReadOnlyList<Arrival> fresh, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = chaos.IsDuplicated() ? [.. fresh, fresh[^1]] : fresh;
        var request = Turn.Request(leased, found.History, taken, now);
        var answer = await AnswerAsync(leased, request, cancellationToken);
        var outcome = Turn.Apply(leased, request, answer, Keys.NewId(now), now);
        var outbox = DurablePartition.OutboxRows(leased, outcome.Actions).ToList();
        var rows = DurablePartition.HistoryRows(leased, outcome.Appended).Concat(outbox).Concat(outcome.Arrivals.Select(arrival => DurablePartition.ArrivalRow(leased.Id, arrival)));
        var next = outbox.Count > 0 ? outcome.Next : outcome.Next with { LeasedUntil = DateTimeOffset.UnixEpoch };
        if (await store.CommitAsync(next, rows, fresh.Select(arrival => arrival.RowKey), cancellationToken) is not { } written)
        {
            return null;
        }

        if (outbox.Count > 0)
        {
            await dispatch.CarryOutAsync(leased with { Turns = written.Turns }, outcome.Actions, cancellationToken);
            await ReleaseAsync(written, outbox.Select(row => row.RowKey), cancellationToken);
        }

        if (written.IsFinished)
        {
            histories.Forget(leased.Id);
        }

        return fresh.Count < found.Inbox.Count || found.LateRows.Count > 0 || outcome.Arrivals.Count > 0 ? null : true;
    }

    async Task<OrchestratorResponse> AnswerAsync(DurableInstance leased, OrchestratorRequest request, CancellationToken cancellationToken)
    {
        var answer = await functions.TurnAsync(leased.Name, request, cancellationToken);
        if (chaos.IsDuplicated())
        {
            answer = await functions.TurnAsync(leased.Name, request, cancellationToken);
        }

        // Told to stop: the turn is run again by whoever comes next, as the host does when it shuts down.
        cancellationToken.ThrowIfCancellationRequested();
        if (answer is null)
        {
            Log.Lost(log, leased.Id);
        }
        else if (answer.CalculateSize() > MaxTurnBytes)
        {
            Log.TooLarge(log, leased.Id, MaxTurnBytes);
            answer = null;
        }

        return answer ?? Turn.Lost(leased);
    }

    /// <summary>Gives the lease back; when it is lost by now, whoever has it carries the actions out again.</summary>
    Task ReleaseAsync(DurableInstance leased, IEnumerable<string> settled, CancellationToken cancellationToken) =>
        store.CommitAsync(leased with { LeasedUntil = DateTimeOffset.UnixEpoch }, [], settled, cancellationToken);

    /// <summary>What the next turn takes, and what came again or to an instance that has ended.</summary>
    static (List<Arrival> Fresh, List<Arrival> Repeated) Sort(DurableInstance instance, IReadOnlyList<Arrival> inbox)
    {
        var (fresh, repeated, bytes) = (new List<Arrival>(), new List<Arrival>(), 0);
        foreach (var arrival in inbox)
        {
            if (instance.IsFinished || (Turn.Completes(arrival.Event) is { } action && instance.IsDone(action)))
            {
                repeated.Add(arrival);
            }
            else if (fresh.Count < MaxTaken && (bytes += arrival.Event.CalculateSize()) < MaxTakenBytes)
            {
                fresh.Add(arrival);
            }
        }

        return (fresh, repeated);
    }

    static partial class Log
    {
        [LoggerMessage(50, LogLevel.Error, "{Instance} has failed for good: its turn was not answered as the extension must be answered")]
        public static partial void Lost(ILogger log, string instance);

        [LoggerMessage(51, LogLevel.Error, "{Instance} has failed for good: one turn asks for more than {Most} bytes; use sub-orchestrations")]
        public static partial void TooLarge(ILogger log, string instance, int most);
    }
}
