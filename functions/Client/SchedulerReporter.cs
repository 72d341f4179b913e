using System.Globalization;

namespace Watchdesk.Client;

/// <summary>
/// Turns what any scheduler knows about its runs and triggers into run events: run ids, and the next instant at which
/// each job is due over all its triggers. The Quartz listeners are thin adapters of it. Thread-safe; never throws.
/// </summary>
public sealed class SchedulerReporter
{
    readonly HeartbeatClient _client;
    readonly Func<ScheduledJob, string> _slug;
    readonly string _instance;
    readonly DueTimes _due = new();
    readonly object _gate = new();
    readonly Dictionary<string, ScheduledJob> _jobs = new(StringComparer.Ordinal);
    readonly HashSet<string> _shared = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _running = new(StringComparer.Ordinal);

    /// <param name="defaultGroup">Jobs of this group are named without it; Quartz calls it DEFAULT.</param>
    /// <param name="slug">Names a job in Watchdesk. Default: <see cref="JobSlug.From"/> of <c>group.name</c>.</param>
    public SchedulerReporter(HeartbeatClient client, string defaultGroup = "", Func<ScheduledJob, string>? slug = null)
    {
        _client = client ?? throw new ArgumentNullException(nameof(client));
        _slug = slug ?? (job => JobSlug.From(string.Equals(job.Group, defaultGroup, StringComparison.Ordinal) ? job.Name : job.ToString()));
        _instance = Guid.NewGuid().ToString("N").Remove(12);
    }

    public void Started(ScheduledRun run) => Quietly(run, fired: true, (slug, next) =>
    {
        lock (_gate)
        {
            _running[RunId(run)] = slug;
        }

        Send(slug, RunEventKind.Start, run, next, run.FiredAt);
    });

    /// <param name="failure">Null: the run ended well.</param>
    public void Ended(ScheduledRun run, TimeSpan duration, Exception? failure) => Quietly(run, fired: false, (slug, next) =>
    {
        lock (_gate)
        {
            _running.Remove(RunId(run));
        }

        Send(slug, failure is null ? RunEventKind.Success : RunEventKind.Fail, run, next, at: null, duration, failure is null ? null : Text(failure));
    });

    /// <summary>The scheduler was told not to run it, for example by a veto.</summary>
    public void Skipped(ScheduledRun run, string reason) => Quietly(run, fired: true, (slug, next) =>
        _client.Send(new RunEvent(slug, RunEventKind.Log) { ScheduledAt = run.ScheduledAt, NextAt = next.At, NothingDue = next.Nothing, Message = reason }));

    /// <param name="scheduledAt">When the run should have begun.</param>
    public void Misfired(ScheduledJob job, DateTimeOffset? scheduledAt) => Quietly(job, slug =>
        _client.Send(new RunEvent(slug, RunEventKind.Misfire)
        {
            RunId = scheduledAt is { } at ? $"{_instance}-misfire-{at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}" : null,
            ScheduledAt = scheduledAt,
        }));

    /// <summary>Says when a trigger fires next; null when it is paused, at its end or gone.</summary>
    public void TriggerDue(ScheduledJob job, string trigger, DateTimeOffset? nextAt) => Quietly(job, slug =>
    {
        _due.Set(slug, trigger, nextAt);
        Declare(slug);
    });

    /// <summary>As <see cref="TriggerDue"/> with null, when only the trigger's name is known.</summary>
    public void TriggerGone(string trigger) => Quietly(() =>
    {
        foreach (var slug in _due.Remove(trigger))
        {
            Declare(slug);
        }
    });

    /// <summary>The job was deleted, or all of its triggers are paused.</summary>
    public void JobGone(ScheduledJob job) => Quietly(job, slug =>
    {
        _due.Clear(slug);
        Declare(slug);
        lock (_gate)
        {
            _jobs.Remove(slug);
        }
    });

    /// <summary>All jobs and triggers were removed.</summary>
    public void AllGone() => Quietly(() =>
    {
        foreach (var slug in _due.Clear())
        {
            Declare(slug);
        }
    });

    /// <summary>The scheduler was shut down: a run that is still open is told as failed, since nothing will wait for it.</summary>
    public void Stopped() => Quietly(() =>
    {
        KeyValuePair<string, string>[] open;
        lock (_gate)
        {
            open = [.. _running];
            _running.Clear();
        }

        foreach (var run in open)
        {
            _client.Send(new RunEvent(run.Value, RunEventKind.Fail) { RunId = run.Key, Message = "The scheduler was shut down while the job was running." });
        }
    });

    /// <summary>Runs a look at the scheduler beside it, outside its locks; what it throws is logged.</summary>
    public void InBackground(Func<Task> look) => _ = Task.Run(async () =>
    {
        try
        {
            await look().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Reporting must not disturb the scheduler.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _client.Logger.Failed("a look at the triggers", e);
        }
    });

    void Declare(string slug)
    {
        if (_due.Changed(slug, _client.Clock.Now()) is { } next && (next.Nothing || next.At is not null))
        {
            _client.Send(new RunEvent(slug, RunEventKind.Log) { NextAt = next.At, NothingDue = next.Nothing });
        }
    }

    void Send(string slug, RunEventKind kind, ScheduledRun run, NextDue next, DateTimeOffset? at, TimeSpan? duration = null, string? message = null) =>
        _client.Send(new RunEvent(slug, kind)
        {
            RunId = RunId(run),
            At = at,
            ScheduledAt = run.ScheduledAt,
            NextAt = next.At,
            NothingDue = next.Nothing,
            Duration = duration,
            Message = message,
        });

    string RunId(ScheduledRun run) => $"{_instance}-{run.FireId}";

    static string Text(Exception failure, int depth = 0) =>
        $"{failure.GetType().Name}: {failure.Message}{(failure.InnerException is { } inner && depth < 4 ? " < " + Text(inner, depth + 1) : "")}";

    void Quietly(ScheduledRun run, bool fired, Action<string, NextDue> report) => Quietly(run.Job, slug =>
    {
        if (fired)
        {
            _due.Set(slug, run.Trigger, run.NextAt);
        }

        report(slug, _due.Tell(slug, _client.Clock.Now()));
    });

    void Quietly(ScheduledJob job, Action<string> report) => Quietly(() => report(SlugOf(job)));

    void Quietly(Action report)
    {
        try
        {
            report();
        }
#pragma warning disable CA1031 // Reporting must not fail the job.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _client.Logger.Failed("a report", e);
        }
    }

    string SlugOf(ScheduledJob job)
    {
        var slug = _slug(job);
        lock (_gate)
        {
            if (!_jobs.TryGetValue(slug, out var known))
            {
                if (_jobs.Count < DueTimes.MaxJobs)
                {
                    _jobs[slug] = job;
                }
            }
            else if (known != job && _shared.Count < 100 && _shared.Add(slug))
            {
                _client.Logger.SharedSlug(known.ToString(), job.ToString(), slug);
            }
        }

        return slug;
    }
}
