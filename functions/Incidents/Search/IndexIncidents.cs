using Watchdesk.Notices;

namespace Watchdesk.Incidents.Search;

/// <summary>Lets incidents be found by what they are about, and by what people wrote and who had them.</summary>
public sealed class IndexIncidents(IncidentStore incidents, WordIndex words)
{
    /// <summary>When an incident opened or ended, or a person did something with it.</summary>
    public async Task AddAsync(string tenant, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var indexed = new List<Indexed>();
        foreach (var entry in entries.Where(entry => entry.History.Any(IsWorthIt)))
        {
            if (await incidents.GetAsync(tenant, entry.Key.Incident, cancellationToken) is { } incident)
            {
                var people = entry.History.Where(line => line.By != HistoryEntry.Desk).SelectMany(line => new[] { line.By, line.Text });
                var said = SearchWords.Of([incident.Name, incident.Host, incident.OwnerName, .. incident.Orgs, .. people, incident.Resolution, .. incident.Hosts.Select(host => host.Host), incident.Reason]);
                indexed.Add(new Indexed(new Found(FoundKind.Incident, incident.Id), said));
            }
        }

        if (indexed.Count > 0)
        {
            await words.AddAsync(tenant, indexed, cancellationToken);
        }
    }

    static bool IsWorthIt(HistoryEntry line) => line.By != HistoryEntry.Desk || line.Kind is "opened" or "resolved";
}
