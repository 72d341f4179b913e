namespace Watchdesk.Client;

/// <summary>How early an event may be given up when memory is short; the first goes first.</summary>
enum EventRank
{
    Remark,
    Schedule,
    Run,
}

/// <summary>
/// Events that wait, bounded in number and bytes, a batch on its way included. When it is full, the oldest event of the
/// lowest rank goes; what is sent keeps its order over all ranks.
/// </summary>
sealed class EventBuffer(int maxEvents, long maxBytes)
{
    const int Overhead = 64;

    readonly object _gate = new();
    readonly Queue<Entry>[] _ranks = [new(), new(), new()];
    long _sequence;
    long _bytes;
    int _queued;
    int _sending;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queued + _sending;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <returns>How many events were given up for this one; it may be itself.</returns>
    public int Add(byte[] line, EventRank rank)
    {
        lock (_gate)
        {
            _ranks[(int)rank].Enqueue(new Entry(_sequence++, line));
            _queued++;
            _bytes += line.Length + Overhead;
            var dropped = 0;
            while (_queued > 0 && (_queued + _sending > maxEvents || _bytes > maxBytes))
            {
                _bytes -= Next(oldestOfAll: false)!.Dequeue().Line.Length + Overhead;
                _queued--;
                dropped++;
            }

            return dropped;
        }
    }

    /// <summary>The oldest events; they count as waiting until <see cref="Release"/>.</summary>
    public IReadOnlyList<byte[]> Take(int events, int bytes)
    {
        lock (_gate)
        {
            var batch = new List<byte[]>(Math.Min(events, _queued));
            var size = 0;
            while (batch.Count < events && Next(oldestOfAll: true) is { } queue && (batch.Count == 0 || size + queue.Peek().Line.Length <= bytes))
            {
                var line = queue.Dequeue().Line;
                batch.Add(line);
                size += line.Length;
                _queued--;
                _sending++;
            }

            return batch;
        }
    }

    public void Release(IReadOnlyList<byte[]> batch)
    {
        lock (_gate)
        {
            _sending -= batch.Count;
            foreach (var line in batch)
            {
                _bytes -= line.Length + Overhead;
            }
        }
    }

    Queue<Entry>? Next(bool oldestOfAll)
    {
        Queue<Entry>? next = null;
        foreach (var queue in _ranks)
        {
            if (queue.Count == 0 || (next is not null && (!oldestOfAll || next.Peek().Sequence < queue.Peek().Sequence)))
            {
                continue;
            }

            next = queue;
        }

        return next;
    }

    readonly struct Entry(long sequence, byte[] line)
    {
        public long Sequence { get; } = sequence;

        public byte[] Line { get; } = line;
    }
}
