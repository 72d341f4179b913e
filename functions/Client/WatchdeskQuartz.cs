using System.Runtime.CompilerServices;
using Quartz;

namespace Watchdesk.Client;

/// <summary>Watches a Quartz.NET 3 scheduler. For Quartz.NET 4 see README.md of this package.</summary>
public static class WatchdeskQuartz
{
    /// <summary>
    /// Reports every run, misfire and next fire time of the scheduler. Nothing has to be configured per job: each job
    /// is owed at the next fire time of its triggers.
    /// </summary>
    /// <param name="client">Stays the caller's: stop it after the scheduler.</param>
    /// <param name="slug">Names a job in Watchdesk; give one when job names hold ids, so that such jobs count as one. Default: group and name.</param>
    public static void AddWatchdesk(this IScheduler scheduler, HeartbeatClient client, Func<ScheduledJob, string>? slug = null) =>
        Add(scheduler ?? throw new ArgumentNullException(nameof(scheduler)), client, slug);

    /// <exception cref="NotSupportedException">The host runs another major version of Quartz.</exception>
    internal static SchedulerReporter Add(IScheduler scheduler, HeartbeatClient client, Func<ScheduledJob, string>? slug) =>
        typeof(IScheduler).Assembly.GetName().Version is { Major: 3 }
            ? AddToQuartz3(scheduler, client, slug)
            : throw new NotSupportedException("This listener is for Quartz.NET 3. For Quartz.NET 4 set <WatchdeskQuartz4>true</WatchdeskQuartz4> in the project and call AddWatchdesk4.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    static SchedulerReporter AddToQuartz3(IScheduler scheduler, HeartbeatClient client, Func<ScheduledJob, string>? slug)
    {
        var reporter = new SchedulerReporter(client, JobKey.DefaultGroup, slug);
        var listener = new WatchdeskListener(scheduler, reporter);
        scheduler.ListenerManager.AddJobListener(listener);
        scheduler.ListenerManager.AddTriggerListener(listener);
        scheduler.ListenerManager.AddSchedulerListener(listener);
        if (scheduler.IsStarted)
        {
            listener.LookAtAll();
        }

        return reporter;
    }
}
