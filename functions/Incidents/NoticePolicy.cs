using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>A change of an incident on its way through the policy.</summary>
/// <param name="After">With what was last told to people.</param>
/// <param name="Channels">All of the tenant; each step may take some away.</param>
/// <param name="Forced">Told whatever was told before.</param>
/// <param name="Kind">What people are told; null for nothing.</param>
/// <param name="Reasons">One sentence per step.</param>
public sealed record NoticeCase(
    Incident After,
    string Grouped,
    IReadOnlyList<Channel> Channels,
    NoticeKind? Forced = null,
    NoticeKind? Kind = null,
    IReadOnlyList<Recipient>? Recipients = null,
    IReadOnlyList<string>? Reasons = null)
{
    public NoticeCase Because(string reason) => this with { Reasons = [.. Reasons ?? [], reason] };

    /// <summary>Who was told that it is bad is told that it is over.</summary>
    public Severity Severity => After.IsOpen ? After.Severity : After.WorstTold ?? After.Severity;
}

/// <summary>
/// Who is told what, and why: one ordered list. Every step is pure, takes the case one further and says its reason, which
/// the incident keeps. The last step, the outbox, writes what is left here.
/// </summary>
public static class NoticePolicy
{
    /// <summary>So that they fit the outbox row.</summary>
    public const int MaxRecipients = 200;

    static readonly IReadOnlyList<Func<NoticeCase, NoticeCase>> Steps = [Group, Mute, Deduplicate, Route];

    public static NoticeCase Decide(NoticeCase change) => Steps.Aggregate(Own(change), (current, step) => step(current));

    /// <summary>Channels that belong to another subject have no part in this.</summary>
    static NoticeCase Own(NoticeCase change)
    {
        var owners = change.After.Audience.Select(Channel.PrefixOf).ToHashSet(StringComparer.Ordinal);
        return change with { Channels = [.. change.Channels.Where(channel => channel.Owner is not { } owner || owners.Contains(owner))] };
    }

    /// <summary>Which incident a signal belongs to is decided by <see cref="Grouping"/>, before there is a change.</summary>
    static NoticeCase Group(NoticeCase change) => change.Because($"Group: {change.Grouped}");

    static NoticeCase Mute(NoticeCase change)
    {
        if (change.Channels.Count == 0)
        {
            return change.Because("Mute: this tenant has no channel, so nobody can be told. Add one.");
        }

        var off = change.Channels.Where(channel => !channel.IsEnabled).Select(channel => channel.Name).ToList();
        return off.Count == 0
            ? change.Because("Mute: nothing is muted.")
            : (change with { Channels = [.. change.Channels.Where(channel => channel.IsEnabled)] }).Because($"Mute: switched off: {string.Join(", ", off)}.");
    }

    static NoticeCase Deduplicate(NoticeCase change)
    {
        var (kind, reason) = WhatIsNew(change);
        return (change with { Kind = kind }).Because($"Deduplicate: {reason}");
    }

    static (NoticeKind? Kind, string Reason) WhatIsNew(NoticeCase change)
    {
        var incident = change.After;
        if (change.Forced is { } forced)
        {
            return (forced, "this is told whatever was told before.");
        }

        if (!incident.IsOpen)
        {
            return incident.Told is null
                ? (null, "it was over before anybody was told, so nobody hears of it.")
                : (NoticeKind.Resolved, "who was told that it is bad is told that it is over.");
        }

        if (incident.Told is not { } told)
        {
            return (NoticeKind.Opened, "nobody was told yet.");
        }

        if (incident.Severity <= told)
        {
            return (null, incident.Severity == told ? $"that it is {Words.Of(told)} was told already." : $"it is less than the {Words.Of(told)} that was told; nobody is woken for that.");
        }

        return incident.IsFlapping && incident.Severity <= incident.WorstTold
            ? (null, $"it flaps, and that it is {Words.Of(incident.Severity)} was told already.")
            : (NoticeKind.Worsened, $"it was told as {Words.Of(told)} and is {Words.Of(incident.Severity)} now.");
    }

    /// <summary>Today every channel from its lowest severity on; subscriptions will narrow it.</summary>
    static NoticeCase Route(NoticeCase change)
    {
        if (change.Kind is null)
        {
            return (change with { Recipients = [] }).Because("Route: nobody.");
        }

        var level = (Level)change.Severity;
        var wanting = change.Channels.Where(channel => channel.MinLevel <= level).DistinctBy(channel => channel.Destination).ToList();
        var recipients = wanting.Take(MaxRecipients)
            .Select(channel => new Recipient(channel.Id, channel.Kind, channel.Name, $"{Words.Of(change.Severity)} is at or above its {Words.Of((Severity)channel.MinLevel)}")).ToList();
        var others = change.Channels.Where(channel => channel.MinLevel > level).Select(channel => $"{channel.Name} wants {Words.Of((Severity)channel.MinLevel)}").ToList();
        var told = recipients.Count == 0 ? "nobody" : string.Join(", ", recipients.Select(recipient => $"{recipient.Name} ({recipient.Kind}) since {recipient.Reason}"));
        return (change with { Recipients = recipients }).Because($"Route: {told}.{(others.Count > 0 ? $" Not: {string.Join(", ", others)}." : "")}{(wanting.Count > MaxRecipients ? $" Not: {wanting.Count - MaxRecipients} more, one notice goes to {MaxRecipients}." : "")}");
    }
}

static class Words
{
    public static string Of(Severity severity) => severity switch { Severity.Critical => "critical", Severity.Warning => "warning", _ => "info" };

    public static Severity? Read(string? word) => word switch { "critical" => Severity.Critical, "warning" => Severity.Warning, "info" => Severity.Info, _ => null };
}
