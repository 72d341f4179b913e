using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Due kind <c>remind</c>: a critical incident that nobody has is told again when its time has come; else its row moves on.</summary>
public sealed partial class ReminderDue(IncidentStore store, IncidentActions actions, Reminders reminders, ILogger<ReminderDue> log) : IDueHandler
{
    public string Kind => Reminders.DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var again = new List<DueRow>();
        foreach (var tenant in rows.GroupBy(row => row.Item.Tenant, StringComparer.Ordinal))
        {
            var every = await reminders.EveryAsync(tenant.Key, cancellationToken);
            again.AddRange(await DueLooks.EachAsync(
                tenant,
                row => LookAsync(row.Item, every, tick.Now, cancellationToken),
                (row, failure) => Log.Failed(log, row.Item.Id, failure.Message)));
        }

        return again;
    }

    /// <summary>The next row stands before the incident says that it was told. False when others kept changing it.</summary>
    async Task<bool> LookAsync(DueItem item, TimeSpan every, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(item.Tenant, item.Id, cancellationToken) is not { } incident || Reminder.NextAt(incident, every) is not { } at)
        {
            return true;
        }

        if (at > now)
        {
            await reminders.AnnounceAsync(item.Tenant, item.Id, at, now, cancellationToken);
            return true;
        }

        if (Reminder.NextAt(Reminder.Told(incident, now), every) is { } next)
        {
            await reminders.AnnounceAsync(item.Tenant, item.Id, next, now, cancellationToken);
        }

        return (await actions.RemindAsync(item.Tenant, item.Id, every, now, cancellationToken)).Outcome != ActionOutcome.Changed;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "People could not be reminded of incident {Incident}: {Reason}")]
        public static partial void Failed(ILogger log, string incident, string reason);
    }
}
