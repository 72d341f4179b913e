namespace SampleScheduler;

/// <summary>How a job behaves.</summary>
public enum JobMode
{
    Ok,

    /// <summary>The present run, or the next one, does not end until the mode changes.</summary>
    Hang,

    /// <summary>Every run throws.</summary>
    Fail,

    /// <summary>One run takes so long that Quartz misses the next fire time by more than its threshold.</summary>
    Misfire,
}

/// <summary>The switch of one job.</summary>
public sealed class JobControl(SampleJobPlan plan)
{
    readonly Lock _gate = new();
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    JobMode _mode;
    long _runs;
    long _failures;

    public SampleJobPlan Plan { get; } = plan;

    public JobMode Mode
    {
        get
        {
            lock (_gate)
            {
                return _mode;
            }
        }
    }

    public DateTimeOffset? RunningSince { get; private set; }

    public long Runs => Interlocked.Read(ref _runs);

    public long Failures => Interlocked.Read(ref _failures);

    public void Turn(JobMode mode)
    {
        lock (_gate)
        {
            _mode = mode;
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task RunAsync(TimeSpan misfireThreshold, TimeProvider clock, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        RunningSince = clock.GetUtcNow();
        try
        {
            await BehaveAsync(misfireThreshold, clock, cancellationToken);
        }
        finally
        {
            RunningSince = null;
        }
    }

    async Task BehaveAsync(TimeSpan misfireThreshold, TimeProvider clock, CancellationToken cancellationToken)
    {
        await HangAsync(cancellationToken);
        switch (Mode)
        {
            case JobMode.Fail:
                Interlocked.Increment(ref _failures);
                throw new InvalidOperationException($"{Plan.Name} was told to fail.");
            case JobMode.Misfire:
                Turn(JobMode.Ok);
                await Task.Delay(Plan.Every + misfireThreshold + TimeSpan.FromSeconds(1), clock, cancellationToken);
                break;
            default:
                await Task.Delay(TimeSpan.FromMilliseconds(300), clock, cancellationToken);
                await HangAsync(cancellationToken);
                break;
        }
    }

    async Task HangAsync(CancellationToken cancellationToken)
    {
        while (Mode == JobMode.Hang)
        {
            await Changed().WaitAsync(cancellationToken);
        }
    }

    Task Changed()
    {
        lock (_gate)
        {
            return _mode == JobMode.Hang ? _changed.Task : Task.CompletedTask;
        }
    }
}
