namespace Watchdesk.Clients;

/// <summary>What Azure Table Storage refuses, checked before a call: the emulator lets most of it through.</summary>
public static class TableRules
{
    public const int MaxOperations = 100;
    public const int MaxPayloadBytes = 4 * 1024 * 1024;
    public const int MaxEntityBytes = 1024 * 1024;
    public const int MaxProperties = 252;
    public const int MaxPropertyName = 255;
    public const int MaxKeyChars = 512;
    public const int MaxStringChars = 32_768;
    public const int MaxBinaryBytes = 65_536;
    public const int MaxPageRows = 1000;

    /// <summary>Rough cost of the part around one entity of a transaction.</summary>
    const int PartBytes = 400;

    static readonly DateTimeOffset FirstTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="ArgumentException">The text says which rule is broken.</exception>
    public static void CheckTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || table.AsSpan().ContainsAnyExcept(Characters.Alphanumeric))
        {
            throw new ArgumentException($"The table name '{table}' is not 3 to 63 letters and digits beginning with a letter.", nameof(table));
        }
    }

    /// <exception cref="ArgumentException">The text says which rule is broken.</exception>
    public static void CheckKeys(string partitionKey, string rowKey)
    {
        CheckKey(partitionKey, "partition key");
        CheckKey(rowKey, "row key");
    }

    /// <exception cref="ArgumentException">The text says which rule is broken.</exception>
    public static void CheckQuery(TableQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckTable(query.Table);
        CheckKey(query.PartitionKey, "partition key");
        if (query.Limit is < 1 or > MaxPageRows)
        {
            throw new ArgumentException($"A page has 1 to {MaxPageRows} rows, not {query.Limit}.", nameof(query));
        }
    }

    /// <exception cref="ArgumentException">The text says which rule is broken.</exception>
    public static void CheckWrites(string table, IReadOnlyList<TableWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        CheckTable(table);
        if (writes.Count is 0 or > MaxOperations)
        {
            throw new ArgumentException($"A transaction has 1 to {MaxOperations} writes, not {writes.Count}.", nameof(writes));
        }

        var seen = writes.Count > 1 ? new HashSet<string>(writes.Count, StringComparer.Ordinal) : null;
        var payload = 0L;
        foreach (var write in writes)
        {
            payload += CheckRow(write.Row) + PartBytes;
            CheckCondition(write);
            if (seen is not null && !string.Equals(write.Row.PartitionKey, writes[0].Row.PartitionKey, StringComparison.Ordinal))
            {
                throw new ArgumentException("A transaction stays in one partition.", nameof(writes));
            }

            if (seen?.Add(write.Row.RowKey) == false)
            {
                throw new ArgumentException($"The row '{write.Row.RowKey}' is twice in one transaction.", nameof(writes));
            }
        }

        if (seen is not null && payload > MaxPayloadBytes)
        {
            throw TooMuchPayload(payload);
        }
    }

    public static ArgumentException TooMuchPayload(long bytes) =>
        new($"A transaction carries at most {MaxPayloadBytes} bytes, not {bytes}.");

    /// <summary>Returns about how many bytes the row takes on the wire.</summary>
    /// <exception cref="ArgumentException">The text says which rule is broken.</exception>
    public static int CheckRow(TableRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        CheckKeys(row.PartitionKey, row.RowKey);
        if (row.Values.Count > MaxProperties)
        {
            throw new ArgumentException($"A row has at most {MaxProperties} properties, not {row.Values.Count}.", nameof(row));
        }

        var stored = 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length));
        var wire = stored;
        foreach (var (name, value) in row.Values)
        {
            CheckName(name);
            var size = CheckValue(name, value);
            stored += 8 + (2 * name.Length) + size;
            wire += name.Length + 6 + (value is byte[]? (size * 4 / 3) + name.Length + 25 : value is string text ? text.Length : 24);
        }

        return stored <= MaxEntityBytes ? wire : throw new ArgumentException($"A row has at most {MaxEntityBytes} bytes, not {stored}.", nameof(row));
    }

    static void CheckCondition(TableWrite write)
    {
        var conditional = write.Verb is TableVerb.Replace or TableVerb.Merge or TableVerb.Delete;
        if (conditional && string.IsNullOrEmpty(write.ETag))
        {
            throw new ArgumentException($"{write.Verb} needs an ETag, or * for any version.", nameof(write));
        }
    }

    static void CheckKey(string key, string what)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > MaxKeyChars)
        {
            throw new ArgumentException($"A {what} has at most {MaxKeyChars} characters, not {key.Length}.", nameof(key));
        }

        if (key.AsSpan().ContainsAny(Characters.NotInKeys))
        {
            throw new ArgumentException($"The {what} '{key}' has one of / \\ # ? or a control character.", nameof(key));
        }
    }

    static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxPropertyName)
        {
            throw new ArgumentException($"A property name has 1 to {MaxPropertyName} characters, not {name.Length}.", nameof(name));
        }

        if (char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAnyExcept(Characters.Identifier))
        {
            throw new ArgumentException($"The property name '{name}' is not letters, digits and _ beginning with a letter or _.", nameof(name));
        }

        if (name is "PartitionKey" or "RowKey" or "Timestamp")
        {
            throw new ArgumentException($"The property name '{name}' belongs to the service.", nameof(name));
        }
    }

    static int CheckValue(string name, object value) => value switch
    {
        string text => text.Length <= MaxStringChars ? 4 + (2 * text.Length)
            : throw new ArgumentException($"The text in '{name}' has at most {MaxStringChars} characters, not {text.Length}.", nameof(value)),
        byte[] bytes => bytes.Length <= MaxBinaryBytes ? 4 + bytes.Length
            : throw new ArgumentException($"The bytes in '{name}' are at most {MaxBinaryBytes}, not {bytes.Length}.", nameof(value)),
        DateTimeOffset time => time >= FirstTime ? 8
            : throw new ArgumentException($"The time in '{name}' is before 1601.", nameof(value)),
        bool => 1,
        int => 4,
        long or double => 8,
        Guid => 16,
        _ => throw new ArgumentException($"'{name}' holds a {value?.GetType().Name ?? "null"}, which a table cannot store.", nameof(value)),
    };
}
