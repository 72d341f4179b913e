using System.Globalization;
using NodaTime;
using Watchdesk.Notices;

namespace Watchdesk.Incidents.Reports;

/// <summary>Pure: a report as one notice for one channel.</summary>
static class WeeklyReport
{
    const int DaysOfWeek = 7;
    const int MaxOrgs = 10;

    /// <summary>The seven days before the day of that instant.</summary>
    public static ReportRange RangeOf(DailyTime daily, DateTimeOffset at)
    {
        var today = daily.DayOf(at);
        return new ReportRange(today.PlusDays(-DaysOfWeek), today.PlusDays(-1), DateTimeZoneProviders.Tzdb[daily.TimeZone]);
    }

    public static Notice Of(Channel channel, NoticeKey key, IncidentReport report, ReportRange range, DateTimeOffset now) => new(
        key.Text,
        channel.Tenant,
        NoticeKind.Digest,
        Level.Info,
        "",
        $"Report of {report.From} to {report.To}",
        $"{Number(report.Total)} incidents, {Number(report.Open)} of them still open; {Number(report.Mails)} mails.",
        range.From,
        now,
        $"/reports?from={report.From}&to={report.To}&zone={Uri.EscapeDataString(report.Zone)}",
        Told: [$"{channel.Name} ({channel.Kind})"],
        Lines: [.. report.BySeverity.Where(severity => severity.Total > 0).Select(Line), .. report.ByOrg.Take(MaxOrgs).Select(org => $"{(org.Org.Length > 0 ? org.Org : "unclassified")}: {Number(org.Total)}")]);

    static string Line(SeverityReport severity) =>
        $"{severity.Severity}: {Number(severity.Total)}, {Number(severity.Open)} open{Say(severity.CreationToAssignment, "assigned")}{Say(severity.CreationToCompletion, "completed")}";

    static string Say(Delays? delays, string what) =>
        delays is null ? "" : $"; {what} after {NoticeText.Span(delays.Mean)} in the mean, 90 % within {NoticeText.Span(delays.P90)}, {NoticeText.Span(delays.Max)} at most";

    static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
