namespace Watchdesk.Client;

/// <summary>One run as a scheduler knows it.</summary>
/// <param name="job">Group and name of the job.</param>
/// <param name="trigger">What fired it; unique among the triggers of the job.</param>
/// <param name="fireId">Of this run; unique in this scheduler.</param>
public sealed class ScheduledRun(ScheduledJob job, string trigger, string fireId)
{
    public ScheduledJob Job { get; } = job;

    public string Trigger { get; } = trigger ?? throw new ArgumentNullException(nameof(trigger));

    public string FireId { get; } = fireId ?? throw new ArgumentNullException(nameof(fireId));

    /// <summary>When it really began. Null: now.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>When it should have begun.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>When the same trigger fires next; null when it does not.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>A job as its scheduler names it.</summary>
/// <param name="Group">Empty when there are no groups.</param>
public readonly record struct ScheduledJob(string Group, string Name)
{
    public override string ToString() => string.IsNullOrEmpty(Group) ? Name : $"{Group}.{Name}";
}
