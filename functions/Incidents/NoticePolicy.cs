using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>
/// Who is told what, and why: one ordered list. Every step is pure, takes the case one further and says its reason, which
/// the incident keeps. The last step, the outbox, writes what is left here.
/// </summary>
public static class NoticePolicy
{
    static readonly IReadOnlyList<Func<NoticeCase, NoticeCase>> Steps = [Group, Mute, Deduplicate, Route];

    public static NoticeCase Decide(NoticeCase change) => Steps.Aggregate(Own(change), (current, step) => step(current));

    /// <summary>Channels that belong to another subject have no part in this.</summary>
    static NoticeCase Own(NoticeCase change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var owners = change.After.Audience.Select(Channel.PrefixOf).ToHashSet(StringComparer.Ordinal);
        return change with { Channels = [.. change.Channels.Where(channel => channel.Owner is not { } owner || owners.Contains(owner))] };
    }

    /// <summary>Which incident a signal belongs to is decided by <see cref="Grouping"/>, before there is a change.</summary>
    static NoticeCase Group(NoticeCase change) => change.Because($"Group: {change.Grouped}");

    static NoticeCase Mute(NoticeCase change)
    {
        var off = change.Channels.Where(channel => !channel.IsEnabled).Select(channel => channel.Name).ToList();
        var left = change with
        {
            Channels = [.. change.Channels.Where(channel => channel.IsEnabled)],
            SilencedBy = change.Reach.Silences.FirstOrDefault(silence => silence.Hides(change.After)),
        };
        if (change.Channels.Count == 0 && NoticeRoute.PeopleOf(change).Count == 0)
        {
            return left.Because("Mute: this tenant has no channel, so nobody can be told. Add one.");
        }

        var silence = left.SilencedBy is { } by ? $"silenced by {by}" : Unhidden(change);
        var said = new[] { silence, off.Count > 0 ? $"switched off: {string.Join(", ", off)}" : null }.OfType<string>().ToList();
        return left.Because(said.Count == 0 ? "Mute: nothing is muted." : $"Mute: {string.Join("; ", said)}.");
    }

    static string? Unhidden(NoticeCase change) =>
        change.Reach.Silences.FirstOrDefault(silence => silence.Match.Fits(change.After)) is { } broad ? $"this is of a new kind, which the silence {broad} does not hide" : null;

    static NoticeCase Deduplicate(NoticeCase change)
    {
        var (kind, reason) = WhatIsNew(change);
        return (change with { Kind = kind }).Because($"Deduplicate: {reason}");
    }

    static (NoticeKind? Kind, string Reason) WhatIsNew(NoticeCase change)
    {
        var incident = change.After;
        if (change is { SilencedBy: not null, Forced: not NoticeKind.Assigned } && incident.IsOpen)
        {
            return (null, "while it is silenced nobody hears of it; what it is then is told when the silence ends.");
        }

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

    static NoticeCase Route(NoticeCase change)
    {
        if (change.Kind is null)
        {
            return (change with { Recipients = [] }).Because("Route: nobody.");
        }

        var (recipients, reason) = NoticeRoute.Of(change);
        return (change with { Recipients = recipients }).Because($"Route: {reason}");
    }
}
