namespace Watchdesk.Schedules;

/// <summary>What one tick has done so far, and whether it may go on.</summary>
sealed class TickRun(TickContext context, TimeProvider clock)
{
    /// <summary>No new chunk is begun after this: the next tick goes on, and the age of the last one stays under the 2 min of health.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(90);

    /// <summary>Reads and writes of the index that may fail before the tick gives up; each of them has been retried below.</summary>
    const int MaxFailures = 3;
    const int MaxReason = 500;

    /// <summary>Calls of handlers that may fail before whole groups are pushed instead of halved.</summary>
    int _failingCalls = 64;

    public TickContext Context { get; } = context;

    public int Handled { get; set; }

    public int Pushed { get; set; }

    public string? PushedReason { get; private set; }

    public List<Exception> Failures { get; } = [];

    /// <summary>False when rows may be left that were due at its start.</summary>
    public bool IsComplete { get; private set; } = true;

    public void Explain(string reason) => PushedReason = reason.Length <= MaxReason ? reason : reason[..MaxReason];

    public bool MayHalve() => --_failingCalls >= 0;

    public bool MustStop()
    {
        var stops = Failures.Count > MaxFailures || clock.GetUtcNow() - Context.Now > Time;
        IsComplete &= !stops;
        return stops;
    }

    public void Fail(Exception error)
    {
        Failures.Add(error);
        IsComplete = false;
    }
}
