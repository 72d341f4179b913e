namespace Watchdesk.Hosting.Durable;

/// <summary>
/// Keeps an orchestrator on the one thread of its turn. What comes from another thread was awaited outside of the context:
/// it is not run, and noted.
/// </summary>
sealed class TurnThread : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Callback, object? State)> waiting = new();
    readonly int thread = Environment.CurrentManagedThreadId;
    volatile bool hasForeign;

    /// <summary>Something completed on another thread.</summary>
    public bool HasForeign => hasForeign;

    public bool IsCurrent => Environment.CurrentManagedThreadId == thread && Current == this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            hasForeign = true;
            return;
        }

        waiting.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="step"/> and everything that it makes ready.</summary>
    public void Run(Action step)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
            while (waiting.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
