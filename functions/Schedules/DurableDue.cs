using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Schedules;

/// <summary>Due kind <c>durable</c>: the embedded engine's timers. In Azure the extension has its own and no such row is written.</summary>
sealed partial class DurableDue(IServiceProvider services, ILogger<DurableDue> log) : IDueHandler
{
    public string Kind => DurableMail.DueKind;

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var mail = services.GetRequiredService<DurableMail>();
        return DueLooks.EachAsync(
            rows,
            async row =>
            {
                await mail.WakeAsync(row.Item.Id, row.Item.Deadline, cancellationToken);
                return true;
            },
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Id} could not be woken: {Reason}")]
        public static partial void Failed(ILogger log, string id, string reason);
    }
}
