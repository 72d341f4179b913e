using Watchdesk.Clients;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>A resolved incident and its history go after two years.</summary>
public sealed class IncidentRetention(IncidentStore store, IncidentLists lists, HistoryStore history, DueIndex due) : IExpiring
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(730);

    public string Kind => "";

    /// <summary>Before the change that resolves them is written.</summary>
    public Task AnnounceAsync(string tenant, IEnumerable<Change> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        List<DueItem> ending =
            [.. changes.Where(change => !change.After.IsOpen && change.Before is not { IsOpen: false }).Select(change => new DueItem(RetentionDue.DueKind, tenant, change.After.Id, now + Keep))];
        return ending.Count == 0 ? Task.CompletedTask : due.AddAsync(ending, now, cancellationToken);
    }

    /// <summary>The incident goes last: what a dead attempt left is found again.</summary>
    public async Task ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Announced and then not resolved: its own resolution announces it again.
        if (await store.GetAsync(tenant, id, cancellationToken) is { IsOpen: false, ResolvedAt: { } at } incident && at + Keep <= now)
        {
            await history.DeleteAsync(tenant, id, cancellationToken);
            await lists.DeleteAsync(tenant, incident, cancellationToken);
        }
    }
}
