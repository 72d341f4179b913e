namespace Watchdesk.Hosting.Durable;

/// <summary>When a failed activity is tried again. Every wait is a durable timer; embedded it ends at the next tick.</summary>
/// <param name="MaxAttempts">Tries in all, the first included.</param>
/// <param name="Coefficient">By which each wait is longer than the one before.</param>
/// <param name="MaxDelay">The longest wait; an hour when not given.</param>
/// <param name="Within">No further try begins this long after the first; no limit when not given.</param>
/// <param name="Handles">Failures that are worth another try; all that say so themselves when not given.</param>
public sealed record RetryPolicy(
    int MaxAttempts, TimeSpan FirstDelay, double Coefficient = 2, TimeSpan? MaxDelay = null, TimeSpan? Within = null, Func<TaskFailure, bool>? Handles = null)
{
    static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Null when there is no further try.</summary>
    /// <param name="attempt">How many have failed.</param>
    public TimeSpan? DelayAfter(int attempt, TaskFailure failure, TimeSpan sinceFirst)
    {
        if (attempt >= MaxAttempts || failure.IsNonRetriable || Handles?.Invoke(failure) == false)
        {
            return null;
        }

        var limit = MaxDelay ?? LongestDelay;
        var seconds = Math.Min(FirstDelay.TotalSeconds * Math.Pow(Coefficient, attempt - 1), limit.TotalSeconds);
        var delay = TimeSpan.FromSeconds(seconds);
        return Within is { } within && sinceFirst + delay > within ? null : delay;
    }
}
