using System.Text.Json.Serialization;

namespace Watchdesk.Notices;

/// <summary>How much a notice matters; the same three words as the severity of an incident.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Level>))]
public enum Level
{
    [JsonStringEnumMemberName("info")]
    Info,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>What a notice says about its incident.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    [JsonStringEnumMemberName("opened")]
    Opened,

    [JsonStringEnumMemberName("worsened")]
    Worsened,

    [JsonStringEnumMemberName("reminder")]
    Reminder,

    [JsonStringEnumMemberName("resolved")]
    Resolved,

    /// <summary>Somebody is given it.</summary>
    [JsonStringEnumMemberName("assigned")]
    Assigned,

    [JsonStringEnumMemberName("digest")]
    Digest,

    [JsonStringEnumMemberName("test")]
    Test,

    /// <summary>About an operation: it waits for approval, or has ended.</summary>
    [JsonStringEnumMemberName("operation")]
    Operation,
}

/// <summary>One message to people, whatever channel carries it.</summary>
/// <param name="Id">The same for every try on one channel: receivers may drop repeats by it.</param>
/// <param name="Incident">Id of the incident; empty for a test.</param>
/// <param name="Name">What people call the subject.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="Since">When the subject turned.</param>
/// <param name="At">When this was decided.</param>
/// <param name="Path">Page on the desk.</param>
/// <param name="Told">Everybody who is told this, as people know them.</param>
/// <param name="Lines">The list of a storm or of a digest.</param>
public sealed record Notice(
    string Id,
    string Tenant,
    NoticeKind Kind,
    Level Level,
    string Incident,
    string Name,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset At,
    string Path,
    DateTimeOffset? LastGoodAt = null,
    string? Host = null,
    string? Advice = null,
    IReadOnlyList<string>? Told = null,
    IReadOnlyList<string>? Lines = null);
