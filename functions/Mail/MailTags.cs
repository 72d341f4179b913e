using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>What the sender wrote into subject and body for us.</summary>
/// <param name="Severity">Null when no tag says it.</param>
/// <param name="Schedule">How many mails of its series are owed; null when no tag says it.</param>
/// <param name="Org">Path in the tenant's organisation tree, for example <c>datamer.frontend.ui.service1</c>.</param>
/// <param name="Servers">Fully qualified names, lower case, in the order in which they came.</param>
/// <param name="LooksLike">Sentences about what looks like a tag and was not used.</param>
public sealed record MailTags(Severity? Severity, CountSchedule? Schedule, string? Org, IReadOnlyList<string> Servers, IReadOnlyList<string> LooksLike)
{
    public const int MaxServers = 64;
    public const int MaxNotes = 20;

    public static readonly MailTags None = new(null, null, null, [], []);

    /// <summary>
    /// The subject goes before the body, which may quote other mails. Of several severities in one of them the worst counts,
    /// of several schedules and organisations the first.
    /// </summary>
    public static MailTags Read(string subject, string body)
    {
        var (first, second) = (TagScan.Of(subject, isSubject: true), TagScan.Of(body, isSubject: false));
        string[] notes = [.. first.LooksLike, .. second.LooksLike, .. Unused(first, second)];
        return new MailTags(
            first.Severity ?? second.Severity,
            first.Schedules.Concat(second.Schedules).FirstOrDefault(),
            first.Orgs.Concat(second.Orgs).FirstOrDefault(),
            [.. first.Servers.Concat(second.Servers).Distinct(StringComparer.Ordinal).Take(MaxServers)],
            [.. notes.Distinct(StringComparer.Ordinal).Take(MaxNotes)]);
    }

    static IEnumerable<string> Unused(TagScan first, TagScan second)
    {
        var schedules = first.Schedules.Concat(second.Schedules).Distinct().ToArray();
        var orgs = first.Orgs.Concat(second.Orgs).Distinct(StringComparer.Ordinal).ToArray();
        return schedules.Skip(1).Select(tag => $"{ScheduleScan.Tag(tag)} was not used: the first schedule of the mail counts, {ScheduleScan.Tag(schedules[0])}.")
            .Concat(orgs.Skip(1).Select(org => $":org:{org}: was not used: the first organisation of the mail counts, :org:{orgs[0]}:."));
    }
}
