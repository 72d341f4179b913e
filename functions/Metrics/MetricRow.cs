using System.Globalization;
using Watchdesk.Clients;

namespace Watchdesk.Metrics;

/// <summary>
/// One metric, dimension set and hour: a binary property for each minute that has points, <c>P</c> which minutes those are,
/// <c>D</c> the dimensions, and <c>C</c> when a sketch in it had to be collapsed.
/// </summary>
public sealed class MetricRow(string partition, string key, string dimensions, string? etag, long present)
{
    readonly Dictionary<int, Sketch> _cells = [];
    readonly HashSet<int> _changed = [];
    long _present = present;
    bool _isCollapsed;

    public string Partition => partition;

    public string Key => key;

    public static string Property(int minute) => string.Create(CultureInfo.InvariantCulture, $"M{minute:D2}");

    public static string HourOf(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    public static int MinuteOf(long at) => (int)(at / 60_000 % 60);

    /// <summary>What <see cref="Read"/> needs of the stored row for these minutes.</summary>
    public static string[] Columns(IEnumerable<int> minutes) => ["D", "P", .. minutes.Select(Property)];

    public static MetricRow Read(TableRow stored, IEnumerable<int> minutes)
    {
        var row = new MetricRow(stored.PartitionKey, stored.RowKey, stored.Text("D") ?? Dimensions.None, stored.ETag, stored.Number("P"));
        foreach (var minute in minutes)
        {
            if (stored.Bytes(Property(minute)) is { } bytes)
            {
                row._cells[minute] = SketchCodec.Read(bytes);
            }
        }

        return row;
    }

    /// <summary>All that is stored of these minutes is at hand.</summary>
    public bool Holds(IEnumerable<int> minutes) => minutes.All(minute => (_present & (1L << minute)) == 0 || _cells.ContainsKey(minute));

    public void Add(Point point)
    {
        var minute = MinuteOf(point.At);
        if (!_cells.TryGetValue(minute, out var sketch))
        {
            _cells[minute] = sketch = new Sketch();
        }

        point.AddTo(sketch);
        _changed.Add(minute);
    }

    /// <summary>Only the minutes that changed.</summary>
    public TableWrite Write()
    {
        var row = new TableRow(partition, key);
        foreach (var minute in _changed)
        {
            row[Property(minute)] = SketchCodec.Write(_cells[minute]);
            _present |= 1L << minute;
            _isCollapsed |= _cells[minute].IsCollapsed;
        }

        row["P"] = _present;
        if (_isCollapsed)
        {
            row["C"] = true;
        }

        if (etag is not null)
        {
            return TableWrite.Merge(row, etag);
        }

        row["V"] = 1;
        row["D"] = dimensions;
        return TableWrite.Insert(row);
    }

    /// <summary>As it stands after the write, with the minutes that were changed: they are the next ones to change.</summary>
    public MetricRow Written(string? newETag)
    {
        var row = new MetricRow(partition, key, dimensions, newETag, _present);
        foreach (var minute in _changed)
        {
            row._cells[minute] = _cells[minute];
        }

        return row;
    }
}
