using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What a change owes: its history and, when the policy says so, a notice.</summary>
public static class ChangeOutcome
{
    /// <param name="reach">Whom the policy may tell.</param>
    /// <param name="story">Empty when nothing is to be told of this part of a change.</param>
    /// <param name="forced">Told whatever was told before.</param>
    public static (Incident After, OutboxEntry? Entry) Of(
        string tenant, Change change, IReadOnlyList<HistoryEntry> story, Reach reach, DateTimeOffset now, NoticeKind? forced = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(story);
        var after = Reminder.Settle(change.Before, change.After, now);
        if (story.Count == 0)
        {
            return (after, null);
        }

        var key = after.NextKey(now);
        after = after with { Changes = key.Change };
        if (change.IsQuiet || (forced is null && !MayMatter(change)))
        {
            return (after, new OutboxEntry(key, story, null, []));
        }

        var decided = NoticePolicy.Decide(new NoticeCase(after, change.Grouped.Length > 0 ? change.Grouped : "it was changed by hand.", reach, now, forced));
        var recipients = decided.Recipients;
        after = Told(after, recipients.Count > 0 && decided.Kind != NoticeKind.Assigned) with { Reasons = decided.Reasons };
        var notice = decided.Kind is { } kind && recipients.Count > 0 ? IncidentNotice.Of(tenant, after with { Hosts = change.Hosts ?? after.Hosts }, kind, key, recipients) : null;
        HistoryEntry why = new("decided", now, HistoryEntry.Desk, string.Join(' ', after.Reasons));
        return (notice is null ? after : after with { LastNotice = key.Text }, new OutboxEntry(key, [.. story, why], notice, recipients));
    }

    static bool MayMatter(Change change) =>
        change.Before is not { } before || before.IsOpen != change.After.IsOpen || before.Severity != change.After.Severity || (change.Grouped.Length > 0 && !(change.After.Told >= change.After.Severity));

    /// <summary>What people believe now. When it lessens without a word, worsening again is news again.</summary>
    static Incident Told(Incident incident, bool isTold)
    {
        if (isTold && incident.IsOpen)
        {
            return incident with { Told = incident.Severity, WorstTold = incident.WorstTold > incident.Severity ? incident.WorstTold : incident.Severity };
        }

        return incident.Told > incident.Severity ? incident with { Told = incident.Severity } : incident;
    }
}
