using System.Text.Json.Serialization;

namespace Watchdesk.Incidents;

public enum Severity
{
    [JsonStringEnumMemberName("info")]
    Info,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>
/// A subject turned bad or good. A source hands over each turn with a growing number; handing over the same turn twice
/// changes nothing, and a turn older than the last one that was applied is ignored.
/// </summary>
/// <param name="Subject">Stable key, for example <c>job:0193…</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Turn">Grows with every change of the subject's state.</param>
/// <param name="Severity">Null when the subject is good again.</param>
/// <param name="Reason">A sentence, for example "No success for 25 min; expected by 21:40".</param>
/// <param name="At">When the state changed.</param>
/// <param name="Host">Where the last run ran, when known.</param>
/// <param name="Link">Page of the subject, a path on the desk.</param>
/// <param name="IsFlapping">More than 4 changes in 10 cycles: the incident stays open and says so.</param>
/// <param name="LastGoodAt">When the subject was last well, for example the last success.</param>
/// <param name="Advice">What to do first, a sentence.</param>
/// <param name="Org">Path in the organisation; null when it is unclassified.</param>
/// <param name="Mails">Ids of the mails that it comes from, the newest first.</param>
public sealed record Signal(
    string Subject,
    string Name,
    long Turn,
    Severity? Severity,
    string Reason,
    DateTimeOffset At,
    string? Host = null,
    string? Link = null,
    bool IsFlapping = false,
    DateTimeOffset? LastGoodAt = null,
    string? Advice = null,
    string? Org = null,
    IReadOnlyList<string>? Mails = null);
