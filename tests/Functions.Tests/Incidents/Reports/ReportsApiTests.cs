using System.Net;
using System.Net.Http.Json;
using Watchdesk.Clients;
using Watchdesk.Tests.Mail;

namespace Watchdesk.Tests.Incidents.Reports;

public sealed class ReportsApiTests : IAsyncLifetime
{
    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S4-23")]
    [Trait("Demand", "S4-24")]
    public async Task A_report_counts_mails_and_incidents_of_its_days()
    {
        await _desk.SendAsync(":critical: =Disk full on db01", ":org:shop.data:");
        await _desk.SendAsync(":warn: Queue long on db02");
        await _desk.SendAsync("Nothing");
        var incident = (await _desk.IncidentsAsync())[0].GetProperty("id").GetString();
        _desk.App.Clock.Advance(TimeSpan.FromMinutes(20));
        (await _desk.Client.PostAsJsonAsync($"/api/v1/incidents/{incident}/acknowledge", new { })).IsSuccessStatusCode.ShouldBeTrue();
        _desk.App.Clock.Advance(TimeSpan.FromMinutes(40));
        (await _desk.Client.PostAsJsonAsync($"/api/v1/incidents/{incident}/resolve", new { reason = "grown" })).IsSuccessStatusCode.ShouldBeTrue();
        _desk.App.Clock.Advance(TimeSpan.FromDays(4));
        await _desk.SendAsync(":warn: Other on db03");

        var all = await _desk.GetAsync("/api/v1/reports?from=2026-11-20&to=2026-11-24");
        var first = await _desk.GetAsync("/api/v1/reports?from=2026-11-20&to=2026-11-20");

        (all.GetProperty("mails").GetInt64(), all.GetProperty("total").GetInt32(), all.GetProperty("open").GetInt32(), all.GetProperty("closed").GetInt32()).ShouldBe((4, 3, 2, 1));
        (first.GetProperty("mails").GetInt64(), first.GetProperty("total").GetInt32()).ShouldBe((3, 2));
        first.GetProperty("bySeverity")[0].GetProperty("creationToCompletion").GetProperty("mean").GetString().ShouldBe("01:00:00");
        first.GetProperty("bySeverity")[0].GetProperty("creationToAssignment").GetProperty("p90").GetString().ShouldBe("00:20:00");
        first.GetProperty("bySeverity")[0].GetProperty("assignmentToCompletion").GetProperty("max").GetString().ShouldBe("00:40:00");
        first.GetProperty("byOrg").EnumerateArray().Select(org => org.GetProperty("org").GetString()).ShouldBe(["", "shop.data"], ignoreOrder: true);
        var csv = await _desk.Client.GetAsync("/api/v1/reports?from=2026-11-20&to=2026-11-20&format=csv");
        csv.Content.Headers.ContentDisposition!.FileName.ShouldBe("incidents-2026-11-20-2026-11-20.csv");
        (await csv.Content.ReadAsStringAsync()).ShouldContain(",\"'=Disk full on db01\",critical,");
        using var browser = await Pages.Browser.SignedInAsync(_desk.App);
        await browser.OpenAsync("/reports?from=2026-11-20&to=2026-11-24");
        browser.Html.ShouldContain("<rect class=\"critical\"");
        (await browser.OpenAsync("/reports?from=x")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_mails_of_a_day_that_is_over_are_read_once()
    {
        await _desk.SendAsync("One");
        _desk.App.Clock.Advance(TimeSpan.FromDays(5));
        const string Week = "/api/v1/reports?from=2026-11-19&to=2026-11-25";
        (await _desk.GetAsync(Week)).GetProperty("mails").GetInt64().ShouldBe(1);
        _desk.App.Tables.ResetCounts();

        (await _desk.GetAsync(Week)).GetProperty("mails").GetInt64().ShouldBe(1);

        _desk.App.Tables.CountsOf(Tables.Mails).Reads.ShouldBe(1);
    }

    [Theory]
    [InlineData("from=2026-11-21&to=2026-11-20")]
    [InlineData("from=2025-11-01&to=2026-11-20")]
    [InlineData("from=yesterday")]
    [InlineData("zone=Mars")]
    [InlineData("format=pdf")]
    public async Task What_is_wrong_is_said(string query) => (await _desk.Client.GetAsync($"/api/v1/reports?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
}
