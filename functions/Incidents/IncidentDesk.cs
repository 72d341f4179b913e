namespace Watchdesk.Incidents;

/// <summary>Turns signals into incidents and notices.</summary>
public sealed class IncidentDesk
{
    /// <summary>
    /// Applies the signals of one tenant that turned in one tick or message. Idempotent by subject and turn; when it
    /// returns, incidents and the notices they owe are stored.
    /// </summary>
    public Task TellAsync(string tenant, IReadOnlyList<Signal> signals, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(signals);
        return Task.CompletedTask;
    }
}
