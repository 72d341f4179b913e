using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations;

/// <summary>Waits of an orchestrator that end early when the row has changed. One open wait for the event at a time, so that none is swallowed.</summary>
sealed class Nudges(OrchestrationContext context)
{
    Task<string>? next;

    public Task WaitUntilAsync(DateTimeOffset at)
    {
        var soonest = context.CurrentUtcTime + TimeSpan.FromSeconds(1);
        return OrAsync(context.DelayUntilAsync(at > soonest ? at : soonest));
    }

    /// <summary>True when the row may have changed, false when only the other has ended.</summary>
    public async Task<bool> OrAsync(Task other)
    {
        next ??= context.WaitForAsync(RunOperation.Nudge);
        await Task.WhenAny(next, other);
        if (!next.IsCompleted)
        {
            return false;
        }

        next = null;
        return true;
    }
}
