using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <summary>A deadline that nobody was watching is an incident of Watchdesk itself.</summary>
public sealed class LostDues(IncidentDesk desk)
{
    public Task TellAsync(IReadOnlyList<Expectation> lost, DateTimeOffset now, CancellationToken cancellationToken) =>
        desk.TellAsync(Tenant.Main, [.. lost.Select(owed => SignalOf(owed, now))], now, isCatchUp: false, cancellationToken);

    static Signal SignalOf(Expectation owed, DateTimeOffset now) => new(
        $"self:index:{owed.Id}",
        $"Watchdesk: deadline of {owed.Name}",
        now.ToUnixTimeMilliseconds(),
        Severity.Warning,
        $"{char.ToUpperInvariant(owed.Name[0])}{owed.Name[1..]} had no row in the due index for {owed.Due?.Deadline:yyyy-MM-dd HH:mm:ss} UTC; it has one again. Nothing was watching that deadline until now.",
        now,
        Link: owed.Link);
}
