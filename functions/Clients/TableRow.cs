using System.Diagnostics.CodeAnalysis;

namespace Watchdesk.Clients;

/// <summary>One entity of Table Storage. Values are string, bool, int, long, double, DateTimeOffset, Guid or byte[].</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A row, indexed by property name.")]
public sealed class TableRow(string partitionKey, string rowKey, string? etag = null)
{
    public string PartitionKey { get; } = partitionKey;

    public string RowKey { get; } = rowKey;

    /// <summary>Opaque; null on a row that was not read from the service.</summary>
    public string? ETag { get; } = etag;

    public Dictionary<string, object> Values { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Setting null leaves the property out of the write: a merge cannot delete a property.</summary>
    public object? this[string name]
    {
        get => Values.GetValueOrDefault(name);
        set
        {
            if (value is null)
            {
                Values.Remove(name);
            }
            else
            {
                Values[name] = value;
            }
        }
    }

    public string? Text(string name) => Values.GetValueOrDefault(name) as string;

    public byte[]? Bytes(string name) => Values.GetValueOrDefault(name) as byte[];

    public bool Flag(string name) => Values.GetValueOrDefault(name) is true;

    public long Number(string name) => Values.GetValueOrDefault(name) switch { long l => l, int i => i, _ => 0 };

    public double Real(string name) => Values.GetValueOrDefault(name) switch { double d => d, long l => l, int i => i, _ => 0 };

    public DateTimeOffset? Time(string name) => Values.GetValueOrDefault(name) as DateTimeOffset?;
}
