using System.Net;
using Watchdesk.Tenants;
using Watchdesk.Tests.Mail;

namespace Watchdesk.Tests.Pages;

public sealed class MailPagesTests : IAsyncLifetime
{
    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    public async Task The_empty_page_shows_the_line_that_sends_a_mail()
    {
        using var browser = await Browser.SignedInAsync(_desk.App, Role.Reader);

        (await browser.OpenAsync("/mail")).ShouldBe(HttpStatusCode.OK);

        browser.Html.ShouldContain("curl -fsS --data-binary @-");
        browser.Html.ShouldContain(":sched-perday-2/1:");
        browser.Html.ShouldContain("href=\"/mail\" aria-current=\"page\"");
    }

    [Fact]
    public async Task Mails_are_listed_with_severity_tags_and_notes()
    {
        await _desk.SendAsync(":critical: Disk <b>full</b> :svr:db1.example.org", ":org:datamer.data.db.olap:\n:crit: once more");
        await _desk.SendAsync("Backup done :sched-perday-2/1:");
        using var browser = await Browser.SignedInAsync(_desk.App, Role.Reader);

        await browser.OpenAsync("/mail");

        browser.Html.ShouldContain("Disk &lt;b&gt;full&lt;/b&gt;");
        browser.Html.ShouldContain("CRITICAL");
        WebUtility.HtmlDecode(browser.Html).ShouldContain("2±1 in any 24 h");
        browser.Html.ShouldContain("datamer.data.db.olap");
        browser.Html.ShouldContain("db1.example.org");
        browser.Html.ShouldContain(":crit: looks like a tag: write :critical:.");
        browser.Html.ShouldNotContain("Next page");
    }

    [Fact]
    public async Task The_second_page_comes_with_a_token()
    {
        for (var n = 0; n < 51; n++)
        {
            await _desk.SendAsync($"Mail of host{n}x");
            _desk.App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        using var browser = await Browser.SignedInAsync(_desk.App, Role.Reader);
        await browser.OpenAsync("/mail");
        browser.Html.ShouldContain("Mail of host50x");
        browser.Html.ShouldNotContain("Mail of host0x");
        var from = browser.Html.IndexOf("/mail?next=", StringComparison.Ordinal);

        await browser.OpenAsync(WebUtility.HtmlDecode(browser.Html[from..browser.Html.IndexOf('"', from)]));

        browser.Html.ShouldContain("Mail of host0x");
        browser.Html.ShouldNotContain("Mail of host1x");
    }

    [Fact]
    public async Task A_mail_shows_its_text_as_text_its_attachments_and_what_came_of_it()
    {
        var body = "--b\r\nContent-Type: text/html\r\n\r\n<p>one</p>&lt;script&gt;alert(1)&lt;/script&gt;\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"<a>.pdf\"\r\n\r\n12345\r\n--b--\r\n";
        var id = await _desk.SendAsync(":critical: Disk full", body, headers: "Content-Type: multipart/mixed; boundary=b\r\nX-Odd: <i>\r\n");
        using var browser = await Browser.SignedInAsync(_desk.App, Role.Reader);

        (await browser.OpenAsync($"/mail/{id}")).ShouldBe(HttpStatusCode.OK);

        browser.Html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        browser.Html.ShouldContain("&lt;a&gt;.pdf");
        browser.Html.ShouldContain("X-Odd: &lt;i&gt;");
        browser.Html.ShouldContain("It is critical and not scheduled");
        browser.Html.ShouldContain("href=\"/incidents/");
        (await browser.OpenAsync("/mail/0199aaaaaaaaaaaaaaaaaaaaaaaaaaaa")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_series_are_shown_with_what_they_owe_and_ended_with_a_button()
    {
        var id = await _desk.SendAsync("Backup of db1 done :sched-perday-1: :warn:");
        await _desk.RunToAsync(_desk.App.Clock.GetUtcNow().AddDays(2), TimeSpan.FromHours(1));
        using var browser = await Browser.SignedInAsync(_desk.App);

        await browser.OpenAsync("/mail/series");
        browser.Html.ShouldContain("TOO FEW");
        WebUtility.HtmlDecode(browser.Html).ShouldContain("got 0 of 1±0 in the last 24 h");
        browser.Html.ShouldContain($"href=\"/mail/{id}\"");
        var series = (await _desk.SeriesAsync()).GetProperty("id").GetString();
        (await browser.SubmitAsync($"/mail/series/{series}/end")).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        browser.Html.ShouldContain("The series owes nothing any more");
        browser.Html.ShouldContain("ENDED");

        using var reader = await Browser.SignedInAsync(_desk.App, Role.Reader, "reader@example.org");
        await reader.OpenAsync("/mail/series");
        reader.Html.ShouldNotContain("<button title");
        (await reader.PostAsync($"/mail/series/{series}/end")).ShouldBe(HttpStatusCode.Forbidden);
    }
}
