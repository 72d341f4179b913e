using Watchdesk.Notices;

namespace Watchdesk.Incidents.Search;

/// <summary>Lets incidents be found by what they are about, and by what people wrote and who had them.</summary>
public sealed class IndexIncidents(IncidentStore incidents, WordIndex words)
{
    const int AtOnce = 8;

    /// <summary>When an incident opened or ended, or a person did something with it.</summary>
    public async Task AddAsync(string tenant, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var worth = entries.Where(entry => entry.History.Any(IsWorthIt)).ToList();
        var indexed = new List<Indexed>();
        foreach (var chunk in worth.Chunk(AtOnce))
        {
            var known = await Task.WhenAll(chunk.Select(entry => incidents.GetAsync(tenant, entry.Key.Incident, cancellationToken)));
            indexed.AddRange(chunk.Zip(known).Where(pair => pair.Second is not null).Select(pair => new Indexed(new Found(FoundKind.Incident, pair.Second!.Id), WordsOf(pair.First, pair.Second))));
        }

        if (indexed.Count > 0)
        {
            await words.AddAsync(tenant, indexed, cancellationToken);
        }
    }

    static IReadOnlyList<string> WordsOf(OutboxEntry entry, Incident incident)
    {
        var people = entry.History.Where(line => line.By != HistoryEntry.Desk).SelectMany(line => new[] { line.By, line.Text });
        return SearchWords.Of([incident.Name, incident.Host, incident.OwnerName, .. incident.Orgs, .. people, incident.Resolution, .. incident.Hosts.Select(host => host.Host), incident.Reason]);
    }

    static bool IsWorthIt(HistoryEntry line) => line.By != HistoryEntry.Desk || line.Kind is "opened" or "resolved";
}
