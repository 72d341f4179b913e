using Watchdesk.Incidents;

namespace Watchdesk.Heartbeats;

/// <summary>A time in which an incident of a job is open.</summary>
/// <param name="To">Null when it is open at the end.</param>
public sealed record Firing(DateTimeOffset From, DateTimeOffset? To, Severity Severity, string Reason)
{
    public bool Overlaps(Firing other) => (other.To is null || From < other.To) && (To is null || other.From < To);
}

/// <summary>Pure: when a job would have alarmed, by its history and the same rules that watch it.</summary>
public sealed class WouldHaveFired
{
    readonly List<Firing> _firings = [];
    JobRow _row;
    long _turn;

    WouldHaveFired(JobRow row) => _row = row;

    /// <param name="current">The definition that holds when the history has none.</param>
    /// <param name="change">What is different from the definitions of the history.</param>
    public static IReadOnlyList<Firing> Of(JobHistory history, Job current, Func<Job, Job> change)
    {
        var first = change(history.Entries.Select(entry => entry.Definition).FirstOrDefault(definition => definition is not null) ?? current);
        var run = new WouldHaveFired(new JobRow("", first, new JobState { SettledAt = history.From.ToUnixTimeMilliseconds() }, null));
        foreach (var entry in history.Entries)
        {
            run.StepTo(entry.At);
            if (entry.Event is { } e)
            {
                ApplyEvents.Apply(run._row, e);
            }
            else
            {
                run._row = run._row.Redefined(change(entry.Definition!), entry.At);
            }

            run.Note(entry.At);
        }

        run.StepTo(history.To);
        return run._firings;
    }

    /// <summary>Deadline after deadline, as the tick would have found them.</summary>
    void StepTo(DateTimeOffset at)
    {
        while (JobOutlook.At(_row.Job, _row.State, JobOutlook.Instant(_row.State.SettledAt)).NextLook is { } look && look < at)
        {
            var settled = JobOutlook.Instant(Math.Max(_row.State.SettledAt + 1, look.ToUnixTimeMilliseconds()));
            JobSettling.SettleUntil(_row.Job, _row.State, settled < at ? settled : at);
            Note(settled);
        }

        JobSettling.SettleUntil(_row.Job, _row.State, at);
        Note(at);
    }

    void Note(DateTimeOffset at)
    {
        var state = _row.State;
        if (state.Turn == _turn)
        {
            return;
        }

        _turn = state.Turn;
        var isOpen = _firings.Count > 0 && _firings[^1].To is null;
        if (state.Cause == Cause.None && isOpen)
        {
            _firings[^1] = _firings[^1] with { To = JobOutlook.Instant(state.Since) };
        }
        else if (JobOutlook.SeverityOf(state.Cause, _row.Job.Severity) is { } severity && !isOpen)
        {
            _firings.Add(new Firing(JobOutlook.Instant(state.Since), null, severity, JobOutlook.At(_row.Job, state, at).Reason));
        }
    }
}
