using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Due kind <c>silence</c>: a silence is over, so people hear of what it has hidden and is still open.</summary>
public sealed partial class SilenceDue(SilenceStore silences, IncidentLists incidents, IncidentActions actions, ILogger<SilenceDue> log) : IDueHandler
{
    public string Kind => SilenceStore.DueKind;

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) =>
        DueLooks.EachAsync(
            rows,
            row => LookAsync(row, tick.Now, cancellationToken),
            (row, failure) => Log.Failed(log, row.Item.Id, failure.Message));

    /// <summary>False when the silence that the row was written for may still come.</summary>
    async Task<bool> LookAsync(DueRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await silences.GetAsync(row.Item.Tenant, row.Item.Id, cancellationToken) is not { } silence)
        {
            return !row.IsFresh(now);
        }

        if (silence.Until <= now)
        {
            foreach (var incident in (await incidents.AllOpenAsync(row.Item.Tenant, cancellationToken)).Items.Where(incident => incident.IsStorm || silence.Match.Fits(incident)))
            {
                await actions.UnsilenceAsync(row.Item.Tenant, incident.Id, silence, now, cancellationToken);
            }
        }

        // Made longer meanwhile: then a row stands for its new end.
        return silence.Until <= now || !row.IsFresh(now) || row.Item.Deadline < silence.Until;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What the silence {Silence} has hidden could not be told: {Reason}")]
        public static partial void Failed(ILogger log, string silence, string reason);
    }
}
