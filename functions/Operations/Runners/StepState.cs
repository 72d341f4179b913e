namespace Watchdesk.Operations.Runners;

/// <summary>How far a step is: what one call of <see cref="AdvanceStep"/> hands to the next. It is kept in the history, so nothing secret is in it.</summary>
/// <param name="Limit">How long the whole may take; set by the first call.</param>
/// <param name="Wait">How long until the next call.</param>
/// <param name="Polls">How often it was looked at.</param>
/// <param name="Url">The operation of Resource Manager that is followed.</param>
/// <param name="Listings">What the program has said of its commands.</param>
/// <param name="Choice">What it is told, once that is known; then the listings are dropped.</param>
/// <param name="Container">The container that runs now, and in which state it is.</param>
/// <param name="Ended">Why it must end now, whatever runs: its time is over, or somebody cancelled it.</param>
/// <param name="Result">Set when it has ended.</param>
sealed record StepState(
    Step Step,
    TimeSpan Limit = default,
    TimeSpan Wait = default,
    int Polls = 0,
    string? Url = null,
    string? Command = null,
    IReadOnlyList<Listing>? Listings = null,
    Choice? Choice = null,
    ContainerState? Container = null,
    string? Ended = null,
    StepResult? Result = null)
{
    public StepState Done(StepResult result) => this with { Result = result };

    public StepState Failed(string error, string output = "", int? exitStatus = null) => Done(new StepResult(false, exitStatus, Command ?? "", output, error));
}

/// <param name="Name">Made from the step's idempotency key and the command, so that making it again makes the same.</param>
/// <param name="Phase">make, look or remove.</param>
/// <param name="ExitStatus">Known from the time when it has ended.</param>
sealed record ContainerState(string Name, string Phase, string? Output = null, int? ExitStatus = null, string? Problem = null);
