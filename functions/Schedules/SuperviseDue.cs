using Watchdesk.Hosting.Durable;

namespace Watchdesk.Schedules;

/// <summary>Due kind <c>supervise</c>: asks <c>StartWork</c> whether an orchestration is still alive.</summary>
sealed partial class SuperviseDue(OrchestrationClient orchestrations, ILogger<SuperviseDue> log) : IDueHandler
{
    public string Kind => Supervisor.DueKind;

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) =>
        DueLooks.EachAsync(
            rows,
            async row =>
            {
                await orchestrations.SuperviseAsync(row.Item.Id, cancellationToken);
                return true;
            },
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Instance} could not be looked after: {Reason}")]
        public static partial void Failed(ILogger log, string instance, string reason);
    }
}
