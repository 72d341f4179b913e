using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Due kind <c>ackexpiry</c>: an acknowledgement that has an end has come to it.</summary>
public sealed partial class AcknowledgementDue(IncidentActions actions, ILogger<AcknowledgementDue> log) : IDueHandler
{
    public string Kind => IncidentActions.ExpiryKind;

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) =>
        DueLooks.EachAsync(
            rows,
            async row => (await actions.ReleaseAsync(row.Item.Tenant, row.Item.Id, tick.Now, cancellationToken)).Outcome != ActionOutcome.Changed,
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The acknowledgement of incident {Incident} could not be ended: {Reason}")]
        public static partial void Failed(ILogger log, string incident, string reason);
    }
}
