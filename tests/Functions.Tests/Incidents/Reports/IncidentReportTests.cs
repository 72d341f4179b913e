using Watchdesk.Incidents;
using Watchdesk.Incidents.Reports;

namespace Watchdesk.Tests.Incidents.Reports;

public sealed class IncidentReportTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-20T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    [Trait("Demand", "S4-23")]
    [Trait("Demand", "S4-24")]
    public void Counts_and_delays_by_severity()
    {
        var range = ReportRange.Parse(null, null, null, Now);
        ReportCase[] cases =
        [
            .. Enumerable.Range(1, 10).Select(n => Case(Severity.Critical, "shop", assigned: n, completed: 10 * n)),
            Case(Severity.Warning, "", assigned: null, completed: null),
            Case(Severity.Warning, "shop", assigned: null, completed: 5),
        ];

        var report = IncidentReport.Of(range, cases, 7, isPartial: false);

        (report.Mails, report.Total, report.Open, report.Closed).ShouldBe((7, 12, 1, 11));
        report.ByOrg.ShouldBe([new OrgReport("shop", 11), new OrgReport("", 1)]);
        report.BySeverity.Select(severity => (severity.Severity, severity.Total, severity.Open, severity.Closed)).ShouldBe([("critical", 10, 0, 10), ("warning", 2, 1, 1), ("info", 0, 0, 0)]);
        report.BySeverity[0].CreationToAssignment.ShouldBe(new Delays(10, Minutes(1), Minutes(5.5), Minutes(10), Minutes(9)));
        report.BySeverity[0].AssignmentToCompletion.ShouldBe(new Delays(10, Minutes(9), Minutes(49.5), Minutes(90), Minutes(81)));
        report.BySeverity[1].CreationToAssignment.ShouldBeNull();
        report.BySeverity[1].CreationToCompletion.ShouldBe(new Delays(1, Minutes(5), Minutes(5), Minutes(5), Minutes(5)));
        report.ByDay.Count.ShouldBe(7);
        report.ByDay[^1].ShouldBe(new DayReport("2026-11-20", 10, 2, 0));
    }

    [Theory]
    [InlineData(null,         null,         null,            "2026-11-14T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-01", "2026-11-01", "Europe/Berlin", "2026-10-31T23:00:00Z", "2026-11-01T23:00:00Z")]
    [InlineData("2026-10-25", "2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    public void Days_are_those_of_the_zone(string? from, string? to, string? zone, string begins, string ends)
    {
        var range = ReportRange.Parse(from, to, zone, Now);

        range.From.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'").ShouldBe(begins);
        range.To.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'").ShouldBe(ends);
    }

    [Theory]
    [InlineData("plain",            "plain")]
    [InlineData("a,b",              "\"a,b\"")]
    [InlineData("say \"x\"",        "\"say \"\"x\"\"\"")]
    [InlineData("=1+1",             "\"'=1+1\"")]
    [InlineData("+49 30",           "\"'+49 30\"")]
    [InlineData("-2",               "\"'-2\"")]
    [InlineData("@SUM(A1)",         "\"'@SUM(A1)\"")]
    [InlineData("  =HYPERLINK(1)",  "\"'  =HYPERLINK(1)\"")]
    [InlineData("\t=1",             "\"'\t=1\"")]
    [InlineData("a=1",              "a=1")]
    public void A_cell_is_never_a_formula(string text, string cell) => ReportCsv.Cell(text).ShouldBe(cell);

    static ReportCase Case(Severity severity, string org, double? assigned, double? completed)
    {
        var at = Now.AddHours(-5);
        return new ReportCase("id", "name", severity, org, at, assigned is { } a ? at.AddMinutes(a) : null, completed is { } c ? at.AddMinutes(c) : null);
    }

    static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
