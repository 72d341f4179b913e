using System.Collections.Concurrent;

namespace Watchdesk.Tenants;

/// <summary>A small memory of this process with an end for each entry; what is full is emptied.</summary>
public sealed class Remembered<T>(int capacity, TimeSpan lasts)
    where T : class
{
    readonly ConcurrentDictionary<string, (T Value, DateTimeOffset Until)> _entries = new(StringComparer.Ordinal);

    public T? Get(string key, DateTimeOffset now) =>
        _entries.TryGetValue(key, out var entry) && entry.Until > now ? entry.Value : null;

    public void Set(string key, T value, DateTimeOffset now)
    {
        if (_entries.Count >= capacity)
        {
            _entries.Clear();
        }

        _entries[key] = (value, now + lasts);
    }

    public void Forget(string key) => _entries.TryRemove(key, out _);

    public void ForgetAll() => _entries.Clear();
}
