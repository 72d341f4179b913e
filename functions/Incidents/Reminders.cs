using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <param name="RemindEvery">How long a critical incident that nobody has waits for its first reminder, 15 min to 7 d; zero for no reminders.</param>
public sealed record NoticeSettings(TimeSpan RemindEvery);

/// <summary>How often a tenant is reminded, and the rows of the due index for it.</summary>
public sealed class Reminders(IncidentLists incidents, TenantStore tenants, DueIndex due)
{
    public const string DueKind = "remind";
    const int PageSize = 200;

    /// <summary>Before the change after which nobody has it is written. The tenant's own interval is looked up when the row comes due.</summary>
    public Task AnnounceAsync(string tenant, IEnumerable<Change> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        List<DueItem> owed = [.. changes.Where(change => change.After.NobodySince is not null && change.After.NobodySince != change.Before?.NobodySince).Select(change => Row(tenant, change.After.Id, now + Reminder.Shortest))];
        return owed.Count == 0 ? Task.CompletedTask : due.AddAsync(owed, now, cancellationToken);
    }

    public Task AnnounceAsync(string tenant, string incident, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken) =>
        due.AddAsync([Row(tenant, incident, at)], now, cancellationToken);

    public async Task<TimeSpan> EveryAsync(string tenant, CancellationToken cancellationToken) =>
        await tenants.GetAsync(tenant, cancellationToken) is { } known ? known.RemindEvery : TimeSpan.Zero;

    /// <summary>Also for what is open already: each is looked at again by the next tick.</summary>
    /// <exception cref="InvalidRequestException">It is out of bounds.</exception>
    public async Task SetEveryAsync(string tenant, TimeSpan every, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (every != TimeSpan.Zero && (every < Reminder.Shortest || every > Reminder.Longest))
        {
            throw new InvalidRequestException($"remindEvery is {Reminder.Shortest:c} to {Reminder.Longest:c}, or {TimeSpan.Zero:c} for no reminders.");
        }

        if (await tenants.GetAsync(tenant, cancellationToken) is not { } known)
        {
            return;
        }

        await tenants.UpdateAsync(known with { RemindEvery = every }, cancellationToken);
        string? next = null;
        do
        {
            (var page, next) = await incidents.ListAsync(tenant, isOpen: true, PageSize, next, cancellationToken);
            await due.AddAsync([.. page.Where(Reminder.IsOwed).Select(incident => Row(tenant, incident.Id, now))], now, cancellationToken);

            // The most severe come first.
            next = page.Count > 0 && page[^1].Severity == Severity.Critical ? next : null;
        }
        while (next is not null);
    }

    static DueItem Row(string tenant, string incident, DateTimeOffset at) => new(DueKind, tenant, incident, at);
}
