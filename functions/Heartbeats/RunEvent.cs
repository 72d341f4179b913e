namespace Watchdesk.Heartbeats;

public enum RunEventKind : byte
{
    Start,
    Success,
    Fail,

    /// <summary>The scheduler could not fire the job at its time.</summary>
    Misfire,

    /// <summary>Recorded, changes nothing but a declared next fire time.</summary>
    Log,

    /// <summary>A person says that the open runs older than this will never end.</summary>
    Lost,
}

/// <summary>What a job did, with times in Unix milliseconds as they are stored.</summary>
/// <param name="Id">32 hex digits, given when the event was accepted.</param>
/// <param name="RunId">As the sender gave it; null for an anonymous run.</param>
/// <param name="At">When it happened, never after <paramref name="ReceivedAt"/>.</param>
/// <param name="NextAt">Declared next fire time; 0 is "none any more", null is "not said".</param>
/// <param name="Duration">Run time in milliseconds when the sender measured it.</param>
/// <param name="Message">The end of its output, for example.</param>
/// <param name="IsClockAhead">The sender's clock was more than 5 minutes ahead, so <paramref name="At"/> is the time of receipt.</param>
/// <param name="IsMessageInBlob">It is too long to travel with the event.</param>
public sealed record RunEvent(
    string Id,
    string Job,
    RunEventKind Kind,
    long At,
    long ReceivedAt,
    string? RunId = null,
    long? ScheduledAt = null,
    long? NextAt = null,
    long? Duration = null,
    int? ExitStatus = null,
    string? Host = null,
    string? Message = null,
    bool IsClockAhead = false,
    bool IsMessageInBlob = false)
{
    /// <summary>A sender's clock may be this far ahead before its time is not believed.</summary>
    public const long ClockToleranceMilliseconds = 5 * 60_000;

    /// <summary>The instant that counts: the sender's, unless it lies in the future.</summary>
    public static (long At, bool IsClockAhead) Believe(long? at, long receivedAt) => at switch
    {
        null => (receivedAt, false),
        _ when at > receivedAt + ClockToleranceMilliseconds => (receivedAt, true),
        _ => (Math.Min(at.Value, receivedAt), false),
    };
}
