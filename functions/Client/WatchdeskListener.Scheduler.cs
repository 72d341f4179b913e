using Quartz;

namespace Watchdesk.Client;

/// <summary>What is scheduled, paused, resumed and removed.</summary>
sealed partial class WatchdeskListener : ISchedulerListener
{
    public Task JobScheduled(ITrigger trigger, CancellationToken cancellationToken = default) =>
        Done(() => reporter.TriggerDue(Job(trigger.JobKey), trigger.Key.ToString(), trigger.GetNextFireTimeUtc()));

    public Task JobUnscheduled(TriggerKey triggerKey, CancellationToken cancellationToken = default) => Done(() => reporter.TriggerGone(triggerKey.ToString()));

    public Task TriggerFinalized(ITrigger trigger, CancellationToken cancellationToken = default) => Done(() => reporter.TriggerGone(trigger.Key.ToString()));

    public Task TriggerPaused(TriggerKey triggerKey, CancellationToken cancellationToken = default) => Done(() => reporter.TriggerGone(triggerKey.ToString()));

    public Task TriggerResumed(TriggerKey triggerKey, CancellationToken cancellationToken = default) => Done(() => LookAt(triggerKey));

    public Task TriggersPaused(string? triggerGroup, CancellationToken cancellationToken = default) => Done(LookAtAll);

    public Task TriggersResumed(string? triggerGroup, CancellationToken cancellationToken = default) => Done(LookAtAll);

    public Task JobDeleted(JobKey jobKey, CancellationToken cancellationToken = default) => Done(() => reporter.JobGone(Job(jobKey)));

    public Task JobPaused(JobKey jobKey, CancellationToken cancellationToken = default) => Done(() => reporter.JobGone(Job(jobKey)));

    public Task JobResumed(JobKey jobKey, CancellationToken cancellationToken = default) => Done(() => LookAt(jobKey));

    public Task JobsPaused(string jobGroup, CancellationToken cancellationToken = default) => Done(LookAtAll);

    public Task JobsResumed(string jobGroup, CancellationToken cancellationToken = default) => Done(LookAtAll);

    public Task SchedulerStarted(CancellationToken cancellationToken = default) => Done(LookAtAll);

    public Task SchedulerShutdown(CancellationToken cancellationToken = default) => Done(reporter.Stopped);

    public Task SchedulingDataCleared(CancellationToken cancellationToken = default) => Done(reporter.AllGone);

    public Task JobAdded(IJobDetail jobDetail, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task JobInterrupted(JobKey jobKey, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SchedulerError(string msg, SchedulerException cause, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SchedulerInStandbyMode(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SchedulerStarting(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SchedulerShuttingdown(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
