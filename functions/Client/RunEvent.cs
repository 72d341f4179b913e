namespace Watchdesk.Client;

/// <summary>What happened to a run.</summary>
public enum RunEventKind
{
    /// <summary>The run began.</summary>
    Start,

    /// <summary>The run ended well.</summary>
    Success,

    /// <summary>The run ended badly.</summary>
    Fail,

    /// <summary>The scheduler did not start a run in time.</summary>
    Misfire,

    /// <summary>A remark, or a new next fire time; changes no run.</summary>
    Log,
}

/// <summary>One event of a job, as <c>POST /api/v1/heartbeats</c> takes it.</summary>
public sealed class RunEvent
{
    /// <param name="job">Slug (<c>[a-z0-9_-]</c>, see <see cref="JobSlug"/>) or id of the job.</param>
    public RunEvent(string job, RunEventKind kind)
    {
        Job = job ?? throw new ArgumentNullException(nameof(job));
        Kind = kind;
    }

    public string Job { get; }

    public RunEventKind Kind { get; }

    /// <summary>The same for all events of one run and never used again; makes a repeated event count once. Null: an anonymous run.</summary>
    public string? RunId { get; init; }

    /// <summary>When it happened. Null: when it was handed to the client.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When the run should have begun.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>When the next run is due. Null says nothing about it.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>True: no further run is due, for example because the trigger is paused. <see cref="NextAt"/> is then ignored.</summary>
    public bool NothingDue { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Exit status of a process; 0 is success.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>Null: <see cref="HeartbeatOptions.Host"/>.</summary>
    public string? Host { get; init; }

    /// <summary>Cut at 8,000 characters.</summary>
    public string? Message { get; init; }
}
