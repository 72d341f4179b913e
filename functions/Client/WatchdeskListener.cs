using Quartz;
using Quartz.Impl.Matchers;

namespace Watchdesk.Client;

/// <summary>The listener of a Quartz.NET 3 scheduler; its lookups run beside the scheduler, never inside its locks.</summary>
sealed partial class WatchdeskListener(IScheduler scheduler, SchedulerReporter reporter) : IJobListener, ITriggerListener
{
    public string Name => "Watchdesk";

    public Task JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        Done(() => reporter.Started(Run(context)));

    public Task JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        Done(() => reporter.Skipped(Run(context), "A trigger listener vetoed this run."));

    public Task JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default) =>
        Done(() => reporter.Ended(Run(context), context.JobRunTime, Cause(jobException)));

    public Task TriggerFired(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<bool> VetoJobExecution(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <summary>Comes before the trigger gets its new fire time, so that the present one is the one that was missed.</summary>
    public Task TriggerMisfired(ITrigger trigger, CancellationToken cancellationToken = default)
    {
        reporter.Misfired(Job(trigger.JobKey), trigger.GetNextFireTimeUtc());
        LookAt(trigger.Key);
        return Task.CompletedTask;
    }

    public Task TriggerComplete(ITrigger trigger, IJobExecutionContext context, SchedulerInstruction triggerInstructionCode, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public void LookAtAll() => reporter.InBackground(async () =>
    {
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup()).ConfigureAwait(false))
        {
            await TellAsync(key).ConfigureAwait(false);
        }
    });

    void LookAt(TriggerKey key) => reporter.InBackground(() => TellAsync(key));

    void LookAt(JobKey key) => reporter.InBackground(async () =>
    {
        foreach (var trigger in await scheduler.GetTriggersOfJob(key).ConfigureAwait(false))
        {
            await TellAsync(trigger.Key).ConfigureAwait(false);
        }
    });

    async Task TellAsync(TriggerKey key)
    {
        var state = await scheduler.GetTriggerState(key).ConfigureAwait(false);
        if (await scheduler.GetTrigger(key).ConfigureAwait(false) is { } trigger)
        {
            reporter.TriggerDue(Job(trigger.JobKey), key.ToString(), state is TriggerState.Paused or TriggerState.Complete ? null : trigger.GetNextFireTimeUtc());
        }
    }

    static ScheduledRun Run(IJobExecutionContext context) =>
        new(Job(context.JobDetail.Key), context.Trigger.Key.ToString(), context.RefireCount == 0 ? context.FireInstanceId : $"{context.FireInstanceId}-{context.RefireCount}")
        {
            FiredAt = context.RefireCount == 0 ? context.FireTimeUtc : null,
            ScheduledAt = context.ScheduledFireTimeUtc,
            NextAt = context.NextFireTimeUtc,
        };

    static ScheduledJob Job(JobKey key) => new(key.Group, key.Name);

    /// <summary>What the job itself threw, without Quartz's wrapping.</summary>
    static Exception? Cause(Exception? exception) =>
        exception is SchedulerException { InnerException: { } inner } ? Cause(inner) : exception;

    static Task Done(Action report)
    {
        report();
        return Task.CompletedTask;
    }
}
