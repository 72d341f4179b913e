using Watchdesk.Clients;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>Reads what a call needs, and writes a change of incidents with all that belongs to it as one transaction.</summary>
public sealed class IncidentStore(ITables tables)
{
    /// <summary>Up to here each subject is read by its key; above, stretches of the partition are.</summary>
    const int PointReads = 50;
    const int AtOnce = 8;

    /// <summary>Where fewer keys than this lie in a page of 1,000 rows, reading them one by one is quicker.</summary>
    const int WorthAPage = 16;

    /// <summary>What is known of the subjects, their open incidents, and the latest storm.</summary>
    public async Task<IncidentBook> ReadAsync(string tenant, IReadOnlyList<KeyedSignal> signals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var book = new IncidentBook();
        var keys = signals.Select(item => item.Key).Append(StormKey).ToList();
        foreach (var (key, state) in keys.Count <= PointReads ? await ReadEachAsync(tenant, keys, cancellationToken) : await ReadStretchesAsync(tenant, keys, cancellationToken))
        {
            book.Subjects[key] = state;
        }

        if (book.Subjects.Remove(StormKey, out var storm))
        {
            book.LatestStorm = storm;
        }

        var ids = book.Subjects.Values.Where(state => state.Severity is not null).Append(storm).Select(state => state?.Incident ?? "").Where(id => id.Length > 0).Distinct(StringComparer.Ordinal);
        var incidents = await ManyAsync(ids, id => GetAsync(tenant, id, cancellationToken), cancellationToken);
        var into = incidents.Select(incident => incident.MergedInto).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal);
        var targets = (await ManyAsync(into, id => GetAsync(tenant, id, cancellationToken), cancellationToken)).ToDictionary(incident => incident.Id, StringComparer.Ordinal);
        foreach (var incident in incidents.Concat(targets.Values))
        {
            // Subjects of what was merged belong to where it went.
            book.Incidents[incident.Id] = targets.GetValueOrDefault(incident.MergedInto) ?? incident;
        }

        return book;
    }

    public async Task<Incident?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Incidents, tenant, IncidentRows.Incident + id, cancellationToken: cancellationToken) is { } row ? IncidentRows.Read(row) : null;

    /// <summary>False when something changed since it was read; then nothing was written. Otherwise the book has what is stored now.</summary>
    public async Task<bool> CommitAsync(string tenant, IncidentBatch batch, IncidentBook book, IReadOnlyList<OutboxEntry> outbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(outbox);
        var subjects = batch.Subjects.Select(pair => (pair.Key, State: pair.Value.After)).ToList();
        if (batch.LatestStorm is { } latest)
        {
            subjects.Add((StormKey, latest.After));
        }

        var writes = subjects.Select(subject => Write(IncidentRows.Row(tenant, subject.Key, subject.State), subject.State.ETag))
            .Concat(batch.Changes.SelectMany(change => Writes(tenant, change)))
            .Concat(batch.Signals.Select(added => TableWrite.UpsertMerge(SignalRows.Row(tenant, added.Incident, added.Item.Key, added.Item.Signal, batch.At))))
            .Concat(outbox.Select(entry => Outbox.Write(tenant, entry))).ToList();
        var result = await tables.WriteAsync(Tables.Incidents, writes, cancellationToken);
        if (!result.IsDone)
        {
            return false;
        }

        Remember(book, batch, ETagsOf(writes, result));
        return true;
    }

    /// <summary>Changes that a person or a due row made: the incidents as they are stored now, or null when something changed since it was read.</summary>
    /// <param name="subjects">Those that change hands with them, by the keys of their rows.</param>
    /// <param name="signals">Copied into the list of the incident named.</param>
    public async Task<IReadOnlyList<Incident>?> CommitAsync(
        string tenant, IReadOnlyList<Change> changes, IReadOnlyList<OutboxEntry> outbox, IReadOnlyList<(string Key, SubjectState State)> subjects, IReadOnlyList<(string Incident, SignalRecord Signal)> signals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var writes = changes.SelectMany(change => Writes(tenant, change))
            .Concat(outbox.Select(entry => Outbox.Write(tenant, entry)))
            .Concat(subjects.Select(subject => Write(IncidentRows.Row(tenant, subject.Key, subject.State), subject.State.ETag)))
            .Concat(signals.Select(copy => TableWrite.UpsertMerge(SignalRows.Row(tenant, copy.Incident, copy.Signal)))).ToList();
        var result = await tables.WriteAsync(Tables.Incidents, writes, cancellationToken);
        if (!result.IsDone)
        {
            return null;
        }

        var etags = ETagsOf(writes, result);
        return [.. changes.Select(change => change.After with { ETag = etags[IncidentRows.Incident + change.After.Id] })];
    }

    static string StormKey { get; } = Keys.Hash(IncidentBook.StormSubject);

    static IEnumerable<TableWrite> Writes(string tenant, Change change)
    {
        yield return Write(IncidentRows.Row(tenant, change.After), change.After.ETag);
        var (from, to) = (change.Before is null ? null : IncidentRows.ListKey(change.Before), IncidentRows.ListKey(change.After));
        if (from is not null && from != to)
        {
            yield return TableWrite.Delete(tenant, from);
        }

        yield return TableWrite.UpsertMerge(IncidentRows.ListRow(tenant, change.After));
    }

    static TableWrite Write(TableRow row, string etag) => etag.Length == 0 ? TableWrite.Insert(row) : TableWrite.Merge(row, etag);

    static Dictionary<string, string> ETagsOf(List<TableWrite> writes, TableResult result) =>
        writes.Zip(result.ETags).ToDictionary(pair => pair.First.Row.RowKey, pair => pair.Second ?? "", StringComparer.Ordinal);

    static void Remember(IncidentBook book, IncidentBatch batch, Dictionary<string, string> etags)
    {
        foreach (var (key, (_, after)) in batch.Subjects)
        {
            book.Subjects[key] = after with { ETag = etags[IncidentRows.Subject + key] };
        }

        foreach (var change in batch.Changes)
        {
            var stored = change.After with { ETag = etags[IncidentRows.Incident + change.After.Id] };
            foreach (var id in book.Incidents.Where(pair => pair.Value.Id == stored.Id).Select(pair => pair.Key).Append(stored.Id).ToList())
            {
                book.Incidents[id] = stored;
            }
        }

        if (batch.LatestStorm is { } latest)
        {
            book.LatestStorm = latest.After with { ETag = etags[IncidentRows.Subject + StormKey] };
        }
    }

    async Task<IReadOnlyList<(string, SubjectState)>> ReadEachAsync(string tenant, List<string> keys, CancellationToken cancellationToken)
    {
        var rows = await ManyAsync(keys, key => tables.GetAsync(Tables.Incidents, tenant, IncidentRows.Subject + key, cancellationToken: cancellationToken), cancellationToken);
        return [.. rows.Select(Keyed)];
    }

    /// <summary>Each query begins at the next key that is wanted, so there are never more queries than keys.</summary>
    async Task<IReadOnlyList<(string, SubjectState)>> ReadStretchesAsync(string tenant, List<string> keys, CancellationToken cancellationToken)
    {
        var found = new List<(string, SubjectState)>(keys.Count);
        var wanted = new Queue<string>(keys.Order(StringComparer.Ordinal));
        while (wanted.TryPeek(out var first))
        {
            var query = TableQuery.Prefix(Tables.Incidents, tenant, IncidentRows.Subject) with { From = IncidentRows.Subject + first, Select = IncidentRows.SubjectColumns };
            var page = await tables.QueryAsync(query, cancellationToken);
            while (page is { Rows.Count: 0, Continuation: { } more })
            {
                page = await tables.QueryAsync(query with { Continuation = more }, cancellationToken);
            }

            var covered = Take(wanted, page, found);
            if (page.Continuation is not null && covered < WorthAPage)
            {
                found.AddRange(await ReadEachAsync(tenant, [.. wanted], cancellationToken));
                break;
            }
        }

        return found;
    }

    /// <summary>Takes from the queue what the page answers, with or without a row.</summary>
    static int Take(Queue<string> wanted, TablePage page, List<(string, SubjectState)> found)
    {
        var rows = page.Rows.ToDictionary(row => row.RowKey, StringComparer.Ordinal);
        var end = page.Continuation is null ? null : page.Rows[^1].RowKey;
        var covered = 0;
        while (wanted.TryPeek(out var key) && (end is null || string.CompareOrdinal(IncidentRows.Subject + key, end) <= 0))
        {
            wanted.Dequeue();
            covered++;
            if (rows.TryGetValue(IncidentRows.Subject + key, out var row))
            {
                found.Add(Keyed(row));
            }
        }

        return covered;
    }

    static (string, SubjectState) Keyed(TableRow row) => (row.RowKey[IncidentRows.Subject.Length..], IncidentRows.ReadSubject(row));

    static async Task<List<T>> ManyAsync<TKey, T>(IEnumerable<TKey> keys, Func<TKey, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        var found = new List<T>();
        foreach (var chunk in keys.Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.AddRange((await Task.WhenAll(chunk.Select(read))).OfType<T>());
        }

        return found;
    }
}
