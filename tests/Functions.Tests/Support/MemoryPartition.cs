using Watchdesk.Clients;

namespace Watchdesk.Tests.Support;

/// <summary>The rows of one partition in key order, behind one lock, so that a transaction is atomic.</summary>
sealed class MemoryPartition(string partitionKey)
{
    static readonly Comparer<Stored> ByKey = Comparer<Stored>.Create(static (a, b) => string.CompareOrdinal(a.RowKey, b.RowKey));
    static readonly Stored Last = new(new string('\uFFFF', TableRules.MaxKeyChars + 1));
    static long version;

    readonly SortedSet<Stored> rows = new(ByKey);
    readonly Lock gate = new();

    public TableRow? Get(string rowKey, IReadOnlyList<string>? select)
    {
        lock (gate)
        {
            return Find(rowKey) is { } stored ? Read(stored, select) : null;
        }
    }

    public TablePage Query(TableQuery query)
    {
        var from = string.CompareOrdinal(query.Continuation, query.From) > 0 ? query.Continuation : query.From;
        var found = new List<TableRow>();
        lock (gate)
        {
            foreach (var stored in rows.GetViewBetween(new Stored(from ?? ""), Last))
            {
                if (query.Before is not null && string.CompareOrdinal(stored.RowKey, query.Before) >= 0)
                {
                    break;
                }

                if (found.Count == query.Limit)
                {
                    return new TablePage(found, stored.RowKey);
                }

                found.Add(Read(stored, query.Select));
            }
        }

        return new TablePage(found, null);
    }

    public IReadOnlyList<TableRow> All()
    {
        lock (gate)
        {
            return [.. rows.Select(stored => Read(stored, null))];
        }
    }

    public TableResult Write(IReadOnlyList<TableWrite> writes)
    {
        lock (gate)
        {
            var before = new Stored?[writes.Count];
            var after = new KeyValuePair<string, object>[]?[writes.Count];
            for (var i = 0; i < writes.Count; i++)
            {
                before[i] = Find(writes[i].Row.RowKey);
                var outcome = Judge(writes[i], before[i]);
                if (outcome != TableOutcome.Done)
                {
                    return new TableResult(outcome, i, []);
                }

                after[i] = After(writes[i], before[i]);
            }

            var etags = new string?[writes.Count];
            for (var i = 0; i < writes.Count; i++)
            {
                etags[i] = Store(writes[i].Row.RowKey, before[i], after[i]);
            }

            return new TableResult(TableOutcome.Done, -1, etags);
        }
    }

    static TableOutcome Judge(TableWrite write, Stored? stored) => write.Verb switch
    {
        TableVerb.Insert => stored is null ? TableOutcome.Done : TableOutcome.Exists,
        TableVerb.Upsert or TableVerb.UpsertMerge => TableOutcome.Done,
        _ when stored is null => TableOutcome.Missing,
        _ => write.ETag == "*" || write.ETag == stored.ETag ? TableOutcome.Done : TableOutcome.Changed,
    };

    /// <summary>The values after the write; null after a delete.</summary>
    KeyValuePair<string, object>[]? After(TableWrite write, Stored? stored)
    {
        if (write.Verb == TableVerb.Delete)
        {
            return null;
        }

        if (stored is null || write.Verb is not (TableVerb.Merge or TableVerb.UpsertMerge))
        {
            return [.. write.Row.Values.Select(pair => KeyValuePair.Create(pair.Key, Own(pair.Value)))];
        }

        var merged = new TableRow(partitionKey, write.Row.RowKey);
        foreach (var (name, value) in stored.Values)
        {
            merged.Values[name] = value;
        }

        foreach (var (name, value) in write.Row.Values)
        {
            merged.Values[name] = Own(value);
        }

        RefuseTooLarge(merged);
        return [.. merged.Values];
    }

    /// <summary>Each part passes the checks, the sum need not: the service answers 400 then.</summary>
    static void RefuseTooLarge(TableRow merged)
    {
        try
        {
            TableRules.CheckRow(merged);
        }
        catch (ArgumentException e)
        {
            throw new RemoteCallException("Tables", "MERGE", 400, "EntityTooLarge", isTransient: false, inner: e);
        }
    }

    string? Store(string rowKey, Stored? before, KeyValuePair<string, object>[]? values)
    {
        if (values is null)
        {
            rows.Remove(before!);
            return null;
        }

        var stored = before ?? new Stored(rowKey);
        stored.Values = values;
        stored.Version = Interlocked.Increment(ref version);
        if (before is null)
        {
            rows.Add(stored);
        }

        return stored.ETag;
    }

    Stored? Find(string rowKey) => rows.TryGetValue(new Stored(rowKey), out var stored) ? stored : null;

    TableRow Read(Stored stored, IReadOnlyList<string>? select)
    {
        var values = new Dictionary<string, object>(select?.Count ?? stored.Values.Length, StringComparer.Ordinal);
        foreach (var (name, value) in stored.Values)
        {
            if (select is null || select.Contains(name))
            {
                values[name] = Own(value);
            }
        }

        return new TableRow(partitionKey, stored.RowKey, stored.ETag) { Values = values };
    }

    /// <summary>A copy that nobody else can change, as it would come off the wire.</summary>
    static object Own(object value) => value switch
    {
        byte[] bytes => bytes.Clone(),
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };

    sealed class Stored(string rowKey)
    {
        public string RowKey { get; } = rowKey;

        public KeyValuePair<string, object>[] Values { get; set; } = [];

        public long Version { get; set; }

        public string ETag => $"W/\"{Version:x}\"";
    }
}
