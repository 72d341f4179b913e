using Quartz;

namespace SampleScheduler;

/// <summary>Does what its switch says; never two runs at once, as most real jobs.</summary>
[DisallowConcurrentExecution]
public sealed class SampleJob(JobControls controls, TimeProvider clock) : IJob
{
    public static readonly TimeSpan MisfireThreshold = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await controls.Of(context.JobDetail.Key.Name)!.RunAsync(MisfireThreshold, clock, cancellationToken);
}

/// <summary>The switches of all jobs.</summary>
public sealed class JobControls(IReadOnlyList<SampleJobPlan> jobs)
{
    public IReadOnlyList<JobControl> All { get; } = [.. jobs.Select(job => new JobControl(job))];

    public JobControl? Of(string name) => All.FirstOrDefault(job => string.Equals(job.Plan.Name, name, StringComparison.Ordinal));
}
