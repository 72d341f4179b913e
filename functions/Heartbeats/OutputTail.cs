using System.Text;

namespace Watchdesk.Heartbeats;

/// <summary>The last 10 kB of what a command wrote.</summary>
sealed class OutputTail
{
    const int Kept = 10_000;

    readonly byte[] _ring = new byte[Kept];
    readonly Lock _gate = new();
    long _written;
    bool _isCut;

    public string Text
    {
        get
        {
            lock (_gate)
            {
                var length = (int)Math.Min(_written, Kept);
                var start = (int)((_written - length) % Kept);
                byte[] bytes = [.. _ring.AsSpan(start, Math.Min(length, Kept - start)), .. _ring.AsSpan(0, Math.Max(0, start + length - Kept))];
                var text = Encoding.UTF8.GetString(bytes);
                return _isCut ? "…" + text.TrimStart('\uFFFD') : text;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _isCut |= _written + bytes.Length > Kept;
            foreach (var part in bytes[Math.Max(0, bytes.Length - Kept)..])
            {
                _ring[(int)(_written++ % Kept)] = part;
            }
        }
    }
}
