using System.Collections.Concurrent;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>The history of an instance up to a turn.</summary>
sealed record KnownHistory(string Execution, int Turns, IReadOnlyList<HistoryEvent> Events);

/// <summary>
/// Histories that this process has read, so that a turn reads only what was appended since. Rows of a history never change, and
/// what another process has appended is read like anything new: the memory is only a saved read.
/// </summary>
sealed class KnownHistories
{
    const int MaxEvents = 200_000;

    readonly ConcurrentDictionary<string, KnownHistory> known = new(StringComparer.Ordinal);
    int events;

    public KnownHistory? Find(string id) => known.GetValueOrDefault(id);

    public void Keep(DurablePartition read)
    {
        var (id, instance) = (read.Instance.Id, read.Instance);
        if (instance.IsFinished)
        {
            Forget(id);
            return;
        }

        if (Interlocked.Add(ref events, read.History.Count - (Find(id)?.Events.Count ?? 0)) > MaxEvents)
        {
            known.Clear();
            Interlocked.Exchange(ref events, read.History.Count);
        }

        known[id] = new KnownHistory(instance.ExecutionId, instance.Turns, read.History);
    }

    public void Forget(string id)
    {
        if (known.TryRemove(id, out var gone))
        {
            Interlocked.Add(ref events, -gone.Events.Count);
        }
    }
}
