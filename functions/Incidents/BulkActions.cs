using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <param name="Action">take, acknowledge, assign, release, complete or undo.</param>
/// <param name="Ids">1 to 50 incidents.</param>
/// <param name="User">To assign: id or e-mail address.</param>
public sealed record BulkRequest(string? Action, IReadOnlyList<string>? Ids, string? User = null, DateTimeOffset? Until = null, string? Reason = null);

/// <param name="Done">Ids of those that changed.</param>
/// <param name="NotDone">Gone, over or busy: look at them again.</param>
public sealed record BulkAnswer(IReadOnlyList<string> Done, IReadOnlyList<string> NotDone);

/// <summary>The same for several incidents, each by itself: one that cannot be changed holds up no other.</summary>
public sealed class BulkActions(IncidentActions actions, Assignees assignees, TimeProvider clock)
{
    public const int Most = 50;

    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<BulkAnswer> ApplyAsync(Caller caller, BulkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        var ids = request.Ids?.Distinct(StringComparer.Ordinal).ToList() ?? [];
        if (ids.Count is 0 or > Most || !ids.TrueForAll(id => id is not null && IncidentsApi.IsId(id)))
        {
            throw new InvalidRequestException($"ids are those of 1 to {Most} incidents.");
        }

        var now = clock.GetUtcNow();
        var act = await ReadAsync(caller, request, now, cancellationToken);
        var done = new List<string>();
        foreach (var id in ids)
        {
            if ((await act(id)).Outcome == ActionOutcome.Done)
            {
                done.Add(id);
            }
        }

        return new BulkAnswer(done, [.. ids.Except(done, StringComparer.Ordinal)]);
    }

    async Task<Func<string, Task<ActionResult>>> ReadAsync(Caller caller, BulkRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (request.Action)
        {
            case "take" or "release":
                var to = request.Action == "take" ? new Ownership(caller.Id, caller.Name) : Ownership.Nobody;
                return id => actions.AssignAsync(caller, id, to, null, now, cancellationToken);
            case "assign":
                var user = await assignees.FindAsync(caller.Tenant, request.User, cancellationToken);
                return id => actions.AssignAsync(caller, id, user, null, now, cancellationToken);
            case "acknowledge":
                var until = IncidentsApi.Until(request.Until, now);
                return id => actions.AcknowledgeAsync(caller, id, until, null, now, cancellationToken);
            case "complete":
                var reason = IncidentsApi.Text(request.Reason ?? IncidentsApi.Completed, "reason", IncidentsApi.MaxReason);
                return id => actions.ResolveAsync(caller, id, reason, null, now, cancellationToken);
            case "undo":
                return id => actions.UndoAsync(caller, id, null, now, cancellationToken);
            default:
                throw new InvalidRequestException("action is take, acknowledge, assign, release, complete or undo.");
        }
    }
}
