namespace Watchdesk.Metrics;

/// <summary>Counts by bucket index, ascending.</summary>
public sealed class Buckets
{
    (int Index, long Count)[] _items = [];

    public int Length { get; private set; }

    public int IndexAt(int n) => _items[n].Index;

    public long CountAt(int n) => _items[n].Count;

    /// <summary>The sum, or the largest number there is.</summary>
    public static long Plus(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    public void Add(int index, long count)
    {
        var (low, high) = (0, Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_items[middle].Index == index)
            {
                _items[middle].Count = Plus(_items[middle].Count, count);
                return;
            }

            (low, high) = _items[middle].Index < index ? (middle + 1, high) : (low, middle - 1);
        }

        if (Length == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, Length * 2));
        }

        Array.Copy(_items, low, _items, low + 1, Length - low);
        _items[low] = (index, count);
        Length++;
    }

    public void Merge(Buckets other)
    {
        if (other.Length == 0)
        {
            return;
        }

        var merged = new (int Index, long Count)[Length + other.Length];
        var (mine, theirs, length) = (0, 0, 0);
        while (mine < Length || theirs < other.Length)
        {
            var takesMine = theirs == other.Length || (mine < Length && _items[mine].Index <= other._items[theirs].Index);
            var takesTheirs = mine == Length || (theirs < other.Length && other._items[theirs].Index <= _items[mine].Index);
            var index = takesMine ? _items[mine].Index : other._items[theirs].Index;
            merged[length++] = (index, Plus(takesMine ? _items[mine++].Count : 0, takesTheirs ? other._items[theirs++].Count : 0));
        }

        (_items, Length) = (merged, length);
    }

    /// <summary>Makes one bucket of the first ones, or of the last ones: the one of them that lies innermost keeps its index.</summary>
    public void Collapse(int count, bool atEnd)
    {
        var from = atEnd ? Length - count : 0;
        var kept = atEnd ? from : count - 1;
        var sum = 0L;
        for (var n = from; n < from + count; n++)
        {
            sum = Plus(sum, _items[n].Count);
        }

        var index = _items[kept].Index;
        Array.Copy(_items, from + count, _items, from + 1, Length - from - count);
        _items[from] = (index, sum);
        Length -= count - 1;
    }
}
