using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Due kind <c>ackexpiry</c>: an acknowledgement that has an end has come to it.</summary>
public sealed partial class AcknowledgementDue(IncidentActions actions, ILogger<AcknowledgementDue> log) : IDueHandler
{
    public string Kind => IncidentActions.ExpiryKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            try
            {
                if ((await actions.ReleaseAsync(row.Item.Tenant, row.Item.Id, tick.Now, cancellationToken)).Outcome == ActionOutcome.Changed)
                {
                    failed.Add(row);
                }
            }
            catch (RemoteCallException e)
            {
                Log.Failed(log, row.Item.Id, e.Message);
                failed.Add(row);
            }
        }

        return failed;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The acknowledgement of incident {Incident} could not be ended: {Reason}")]
        public static partial void Failed(ILogger log, string incident, string reason);
    }
}
