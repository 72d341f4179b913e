using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>The sentences that say how a job stands and why.</summary>
sealed record JobReasons(Job Job, JobState State, JobDues Dues, DateTimeOffset Now)
{
    public string Stuck()
    {
        var where = Dues.Oldest!.Host.Length > 0 ? $" on {Dues.Oldest.Host}" : "";
        var what = Job.Budgets.TooLong is not null ? "limit" : Job.Schedule is CountSchedule ? "window" : "grace";
        return $"Run started {Clock(Dues.Oldest.StartedAt)}{where} has not ended; {what} {Durations.Say(JobDues.RunLimit(Job))} passed at {Clock(Dues.StuckAt)}.";
    }

    public string Overdue()
    {
        var last = State.IsNew ? "Never heard of" : $"Nothing since {Clock(State.LastArrivalAt)}";
        return $"{last}; was due {Clock(Dues.DueAt)}, grace ended {Clock(Dues.Deadline)} ({Job.Schedule.Describe()}).";
    }

    public string TooFew() => $"Too few: {Counted(Dues.Deadline)}.";

    public string TooMany() => $"Too many: {Counted(null)}.";

    public string Failed()
    {
        var status = State.LastExitStatus >= 0 ? $" with exit status {State.LastExitStatus}" : "";
        return $"Last run failed{status} at {Clock(State.LastEndAt)}.";
    }

    public string TooShort() =>
        $"Last run, ended {Clock(State.LastEndAt)}, took {Say(State.LastEndDuration)}; less than {Durations.Say(Job.Budgets.TooShort!.Value)} is too short to have done its work.";

    public string StartedLate() =>
        $"Last run started {Clock(State.LastStartAt)}, {Say(State.LastStartAt - State.LastStartDue)} after it was due at {Clock(State.LastStartDue)}; allowed are {Durations.Say(Job.Budgets.StartLate!.Value)}.";

    public string NotStarted() => $"Has not started; was due {Clock(Dues.DueAt)}, allowed are {Durations.Say(Job.Budgets.StartLate!.Value)}.";

    public string Flapping() => $"Flapping: {JobSettling.ChangesInWindow(State)} changes in the last {JobSettling.FlappingCycles} runs.";

    public string Late() => Job.Schedule is CountSchedule
        ? $"Late: {Counted(Dues.Deadline)}."
        : $"Late: was due {Clock(Dues.DueAt)}, grace ends {Clock(Dues.Deadline)}.";

    public string New() => "Nothing heard yet.";

    public string Good()
    {
        var maintenance = Maintenance.EndAround(Job.Maintenance, Now) is { } end ? $"In maintenance until {Clock(end)}; nothing is owed. " : "";
        return maintenance + (Job.Schedule is CountSchedule
            ? $"As many as expected: {Counted(null)}."
            : Dues.DueAt is null ? "On time; no next time is declared." : $"On time; next due {Clock(Dues.DueAt)}.");
    }

    public string NotYetTold() => $"Nobody is told before {Job.AlertAfter} bad results in a row.";

    string Counted(DateTimeOffset? expectedBy) => CountOutlook.Say((CountSchedule)Job.Schedule, State.Arrivals, expectedBy, Now);

    string Clock(long milliseconds) => JobOutlook.Clock(JobOutlook.Instant(milliseconds), Now);

    string Clock(DateTimeOffset? at) => JobOutlook.Clock(at!.Value, Now);

    static string Say(long milliseconds) => Durations.Say(TimeSpan.FromMilliseconds(milliseconds));
}
