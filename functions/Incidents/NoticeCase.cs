using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>A change of an incident on its way through the policy.</summary>
/// <param name="After">With what was last told to people.</param>
/// <param name="Forced">Told whatever was told before.</param>
public sealed record NoticeCase(Incident After, string Grouped, Reach Reach, DateTimeOffset Now, NoticeKind? Forced = null)
{
    /// <summary>All that it may go to; each step may take some away.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = Reach.Channels;

    public Silence? SilencedBy { get; init; }

    /// <summary>What people are told; null for nothing.</summary>
    public NoticeKind? Kind { get; init; }

    public IReadOnlyList<Recipient> Recipients { get; init; } = [];

    /// <summary>One sentence per step.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public NoticeCase Because(string reason) => this with { Reasons = [.. Reasons, reason] };

    /// <summary>Who was told that it is bad is told that it is over.</summary>
    public Severity Severity => After.IsOpen ? After.Severity : After.WorstTold ?? After.Severity;
}

static class Words
{
    public static string Of(Severity severity) => severity switch { Severity.Critical => "critical", Severity.Warning => "warning", _ => "info" };

    public static Severity? Read(string? word) => word switch { "critical" => Severity.Critical, "warning" => Severity.Warning, "info" => Severity.Info, _ => null };
}
