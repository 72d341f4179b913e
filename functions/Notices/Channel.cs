namespace Watchdesk.Notices;

/// <summary>A way to reach people: a webhook, a mail server with addresses, a Teams channel.</summary>
/// <param name="MinLevel">Less than this is not sent here.</param>
/// <param name="Settings">JSON of its kind, secrets included: never shown or logged as it is.</param>
/// <param name="Problem">Why it cannot work until somebody changes it; empty when all is well.</param>
public sealed record Channel(
    string Tenant,
    string Id,
    string Kind,
    string Name,
    Level MinLevel,
    bool IsEnabled,
    string Settings,
    string Problem = "",
    DateTimeOffset? ProblemAt = null,
    string ETag = "")
{
    /// <summary>When it is told every day what is still open; null for never.</summary>
    public DailyTime? Digest { get; init; }

    /// <summary>The last digest was due then; of a new one, when it was asked for.</summary>
    public DateTimeOffset? DigestedAt { get; init; }

    /// <summary>Of a person: notices wait for this time of day and go as one; null for at once.</summary>
    public DailyTime? Batch { get; init; }

    /// <summary>Of a person: notices wait until it is over.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>
    /// Beginning of the ids of channels that belong to one subject, such as a rule or a person: only its incidents go there. Other
    /// ids are hexadecimal and come before them.
    /// </summary>
    public static string PrefixOf(string subject) => subject.Replace(':', '.') + ".";

    /// <summary>The <see cref="PrefixOf"/> the subject that it belongs to; null for a channel of the tenant.</summary>
    public string? Owner => Id.LastIndexOf('.') is >= 0 and var dot ? Id[..(dot + 1)] : null;

    /// <summary>The same for channels of several rules that send to the same place.</summary>
    public string Destination => Owner is null ? Id : $"{Kind} {Settings}";
}
