namespace Watchdesk.Client;

/// <summary>When a job is due next.</summary>
/// <param name="At">Null: not known, or nothing is due.</param>
/// <param name="Nothing">True when no trigger of the job fires again.</param>
readonly record struct NextDue(DateTimeOffset? At, bool Nothing);

/// <summary>The next fire time of every trigger, by job.</summary>
sealed class DueTimes
{
    /// <summary>Jobs whose last told time is remembered; more of them are told again.</summary>
    public const int MaxJobs = 10_000;

    readonly object _gate = new();
    readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _triggers = new(StringComparer.Ordinal);
    readonly Dictionary<string, NextDue> _told = new(StringComparer.Ordinal);

    public void Set(string job, string trigger, DateTimeOffset? nextAt)
    {
        lock (_gate)
        {
            if (nextAt is { } at)
            {
                Of(job)[trigger] = at;
            }
            else if (_triggers.TryGetValue(job, out var triggers) && triggers.Remove(trigger) && triggers.Count == 0)
            {
                _triggers.Remove(job);
            }
        }
    }

    public void Clear(string job)
    {
        lock (_gate)
        {
            _triggers.Remove(job);
        }
    }

    /// <returns>The jobs that had triggers.</returns>
    public IReadOnlyList<string> Clear()
    {
        lock (_gate)
        {
            string[] jobs = [.. _triggers.Keys];
            _triggers.Clear();
            return jobs;
        }
    }

    /// <returns>The jobs that had such a trigger.</returns>
    public IReadOnlyList<string> Remove(string trigger)
    {
        lock (_gate)
        {
            string[] jobs = [.. _triggers.Where(job => job.Value.Remove(trigger)).Select(job => job.Key)];
            foreach (var job in jobs)
            {
                if (_triggers[job].Count == 0)
                {
                    _triggers.Remove(job);
                }
            }

            return jobs;
        }
    }

    /// <summary>The earliest over all triggers of the job; is taken as told.</summary>
    public NextDue Tell(string job, DateTimeOffset now)
    {
        lock (_gate)
        {
            return Told(job, Next(job, now));
        }
    }

    /// <summary>As <see cref="Tell"/>, but null when the same was told last.</summary>
    public NextDue? Changed(string job, DateTimeOffset now)
    {
        lock (_gate)
        {
            var next = Next(job, now);
            if (_told.TryGetValue(job, out var told) && told == next)
            {
                return null;
            }

            return Told(job, next);
        }
    }

    NextDue Told(string job, NextDue next)
    {
        if (_told.Count >= MaxJobs)
        {
            _told.Clear();
        }

        return _told[job] = next;
    }

    Dictionary<string, DateTimeOffset> Of(string job) =>
        _triggers.TryGetValue(job, out var triggers) ? triggers : _triggers[job] = new(StringComparer.Ordinal);

    NextDue Next(string job, DateTimeOffset now)
    {
        if (!_triggers.TryGetValue(job, out var triggers) || triggers.Count == 0)
        {
            return new(null, true);
        }

        // A time in the past belongs to a trigger that is late (its own run will tell) or that another node of the
        // cluster has fired: it says nothing about what is due next.
        var ahead = triggers.Values.Where(at => at > now).ToList();
        return new(ahead.Count == 0 ? null : ahead.Min(), false);
    }
}
