using System.Net;
using System.Text.RegularExpressions;
using Watchdesk.Tenants;
using Watchdesk.Tests.Mail;

namespace Watchdesk.Tests.Pages;

public sealed partial class MailRulePagesTests : IAsyncLifetime
{
    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S4-5")]
    [Trait("Demand", "S4-22")]
    public async Task From_an_unclassified_mail_to_a_rule_that_takes_it()
    {
        var id = await _desk.SendAsync("Disk <b>98</b> % full on web-01.example.org", "/dev/sda1");
        using var browser = await Browser.SignedInAsync(_desk.App);
        await browser.OpenAsync("/mail?show=unclassified");
        browser.Html.ShouldContain($"/mail/{id}");
        await browser.OpenAsync($"/mail/{id}");
        browser.Html.ShouldContain($"/mail-rules/new?from={id}");

        await browser.OpenAsync($"/mail-rules/new?from={id}");

        var html = WebUtility.HtmlDecode(browser.Html);
        html.ShouldContain(@"% full on web-01\.example\.org");
        html.ShouldContain(@"^cron@db1\.example\.org$");
        html.ShouldContain("lookaround (?=");
        (string, string)[] fields = [("name", "Disks <i>"), ("subject", "^disk"), ("severity", "warning"), ("org", "shop.web")];
        await browser.PostAsync("/mail-rules/test", [("token", Token().Match(browser.Html).Groups["token"].Value), .. fields]);
        browser.Html.ShouldContain("<b>1 mail</b>");
        (await browser.SubmitAsync("/mail-rules", fields)).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync("/mail?show=unclassified");
        browser.Html.ShouldContain("None: every mail has");
        await browser.OpenAsync($"/mail/{id}");
        browser.Html.ShouldContain("Disks &lt;i&gt;");
        browser.Html.ShouldContain("shop.web");
    }

    [Fact]
    public async Task An_error_stands_below_its_column_and_the_fields_stay()
    {
        using var browser = await Browser.SignedInAsync(_desk.App);
        await browser.OpenAsync("/mail-rules/new");

        (await browser.SubmitAsync("/mail-rules", ("name", "A"), ("sender", "ab(?=c)"), ("drop", "on"))).ShouldBe(HttpStatusCode.BadRequest);

        WebUtility.HtmlDecode(browser.Html).ShouldContain("ab(?=c)\n  ^\nmatch.sender, column 3: a lookahead");
        browser.Html.ShouldContain("value=\"A\"");
        await browser.OpenAsync("/mail-rules/check?pattern=a(b");
        browser.Html.ShouldContain("column 4");
    }

    [Fact]
    public async Task Rules_are_moved_and_deleted_with_buttons_by_who_may()
    {
        using var browser = await Browser.SignedInAsync(_desk.App);
        await browser.OpenAsync("/mail-rules/new");
        await browser.SubmitAsync("/mail-rules", ("name", "First"), ("subject", "a"), ("drop", "on"));
        var first = browser.Location!.Split('/', '?')[2];
        await browser.OpenAsync("/mail-rules/new");
        await browser.SubmitAsync("/mail-rules", ("name", "Second"), ("subject", "b"), ("drop", "on"));
        var second = browser.Location!.Split('/', '?')[2];
        await browser.OpenAsync("/mail-rules");

        await browser.SubmitAsync($"/mail-rules/{second}/up");
        await browser.OpenAsync("/mail-rules");
        browser.Html.IndexOf(second, StringComparison.Ordinal).ShouldBeLessThan(browser.Html.IndexOf(first, StringComparison.Ordinal));
        await browser.SubmitAsync($"/mail-rules/{second}/down");
        await browser.OpenAsync("/mail-rules");
        browser.Html.IndexOf(first, StringComparison.Ordinal).ShouldBeLessThan(browser.Html.IndexOf(second, StringComparison.Ordinal));

        using var reader = await Browser.SignedInAsync(_desk.App, Role.Reader, "reader@example.org");
        await reader.OpenAsync("/mail-rules");
        reader.Html.ShouldNotContain("/up\"");
        await reader.OpenAsync($"/mail-rules/{first}");
        reader.Html.ShouldNotContain("Store the change");
        await browser.OpenAsync($"/mail-rules/{first}");
        await browser.SubmitAsync($"/mail-rules/{first}/delete");
        (await browser.OpenAsync($"/mail-rules/{first}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [GeneratedRegex("name=\"token\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();
}
