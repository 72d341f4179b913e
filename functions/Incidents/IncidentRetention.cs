using Watchdesk.Clients;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Due kind <c>retention</c>: a resolved incident and its history go after two years.</summary>
public sealed partial class IncidentRetention(IncidentStore store, HistoryStore history, DueIndex due, ILogger<IncidentRetention> log) : IDueHandler
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(730);

    public string Kind => "retention";

    /// <summary>Before the change that resolves them is written.</summary>
    public Task AnnounceAsync(string tenant, IEnumerable<Change> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        List<DueItem> ending = [.. changes.Where(change => !change.After.IsOpen && change.Before is not { IsOpen: false }).Select(change => new DueItem(Kind, tenant, change.After.Id, now + Keep))];
        return ending.Count == 0 ? Task.CompletedTask : due.AddAsync(ending, now, cancellationToken);
    }

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            try
            {
                await ForgetAsync(row.Item.Tenant, row.Item.Id, tick.Now, cancellationToken);
            }
            catch (RemoteCallException e)
            {
                Log.Failed(log, row.Item.Id, e.Message);
                failed.Add(row);
            }
        }

        return failed;
    }

    /// <summary>The incident goes last: what a dead attempt left is found again.</summary>
    async Task ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Announced and then not resolved: its own resolution announces it again.
        if (await store.GetAsync(tenant, id, cancellationToken) is { IsOpen: false, ResolvedAt: { } at } incident && at + Keep <= now)
        {
            await history.DeleteAsync(tenant, id, cancellationToken);
            await store.DeleteAsync(tenant, incident, cancellationToken);
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Incident {Incident} could not be forgotten: {Reason}")]
        public static partial void Failed(ILogger log, string incident, string reason);
    }
}
