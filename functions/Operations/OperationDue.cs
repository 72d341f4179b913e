using Watchdesk.Hosting.Durable;
using Watchdesk.Schedules;

namespace Watchdesk.Operations;

/// <summary>
/// Due kind <c>operation</c>, the watchdog: starts what was asked and whose start got lost, and ends what does not move on, so
/// that its target is free again.
/// </summary>
sealed partial class OperationDue(OperationStore store, EndOperation end, OrchestrationClient orchestrations, DueIndex due, ILogger<OperationDue> log) : IDueHandler
{
    public const string DueKind = "operation";

    public static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    public string Kind => DueKind;

    public static DueItem Row(Operation operation, DateTimeOffset at) => new(DueKind, operation.Tenant, operation.Id, at);

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) => DueLooks.EachAsync(
        rows,
        row => LookAsync(row, tick.Now, cancellationToken),
        (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));

    async Task<bool> LookAsync(DueRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(row.Item.Tenant, row.Item.Id, cancellationToken) is not { } operation)
        {
            return !row.IsFresh(now);
        }

        if (operation.IsOver)
        {
            return true;
        }

        if (operation.StuckAt <= now)
        {
            Log.Stuck(log, operation.Id, operation.Stage);
            await orchestrations.TerminateAsync(operation.InstanceId, "It did not move on.", cancellationToken);
            await end.EndAsync(new EndInput(operation.Tenant, operation.Id, "It did not move on and was given up. Look at what was done so far before you ask again."), cancellationToken);
            return true;
        }

        if (operation.Stage == OperationStage.Asked)
        {
            await orchestrations.StartAsync(operation.InstanceId, RunOperation.Function, new OperationInput(operation.Tenant, operation.Id), cancellationToken);
        }

        await due.AddAsync([Row(operation, operation.Stage == OperationStage.Asked ? now + FirstLook : operation.StuckAt)], now, cancellationToken);
        return true;
    }

    static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "The operation {Operation} could not be looked at: {Reason}")]
        public static partial void Failed(ILogger log, string operation, string reason);

        [LoggerMessage(61, LogLevel.Error, "The operation {Operation} is stuck while {Stage} and is given up")]
        public static partial void Stuck(ILogger log, string operation, OperationStage stage);
    }
}
