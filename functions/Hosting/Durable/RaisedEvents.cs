using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Durable;

/// <summary>Brings raised events and those who wait for them together: the oldest waiter of a name gets the oldest event of it.</summary>
sealed class RaisedEvents
{
    readonly List<EventRaised> buffered = [];
    readonly List<Waiter> waiters = [];

    public bool HasWaiters => waiters.Count > 0;

    /// <summary>Those that nobody has taken, oldest first.</summary>
    public IReadOnlyList<EventRaised> Buffered => buffered;

    public void Raise(EventRaised raised)
    {
        var at = waiters.FindIndex(waiter => waiter.Name.Equals(raised.Name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            buffered.Add(raised);
            return;
        }

        var waiter = waiters[at];
        waiters.RemoveAt(at);
        waiter.Source.SetResult(raised.Input);
    }

    public Waiter Wait(string name)
    {
        var waiter = new Waiter(name);
        var at = buffered.FindIndex(raised => raised.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            waiters.Add(waiter);
            return waiter;
        }

        var found = buffered[at];
        buffered.RemoveAt(at);
        waiter.Source.SetResult(found.Input);
        return waiter;
    }

    /// <summary>A later event is for others, or is kept.</summary>
    public void Leave(Waiter waiter) => waiters.Remove(waiter);

    public sealed record Waiter(string Name)
    {
        public TaskCompletionSource<string?> Source { get; } = new();
    }
}
