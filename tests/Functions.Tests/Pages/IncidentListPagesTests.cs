using System.Net;
using Watchdesk.Incidents;
using Watchdesk.Tenants;
using Watchdesk.Tests.Incidents;

namespace Watchdesk.Tests.Pages;

public sealed class IncidentListPagesTests : IAsyncLifetime
{
    Story story = null!;
    Browser browser = null!;

    public async Task InitializeAsync()
    {
        story = await Story.BeginAsync();
        browser = await Browser.SignedInAsync(story.App, Role.Responder);
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await story.DisposeAsync();
    }

    [Fact]
    [Trait("Demand", "S4-20")]
    public async Task The_list_has_its_columns_and_several_are_taken_and_given_back()
    {
        await story.TellAsync(A.Bad("a") with { Org = "shop.ui" }, A.Bad("b"));
        var ids = await story.OpenAsync();
        (await browser.OpenAsync("/incidents")).ShouldBe(HttpStatusCode.OK);
        foreach (var column in new[] { "Date", "Severity", "Classification", "Assignee", "Assigned", "Interest", "Unclassified", "shop.ui" })
        {
            browser.Html.ShouldContain(column);
        }

        (await browser.SubmitAsync("/incidents/bulk", ("id", ids[0]), ("id", ids[1]), ("action", "take"))).ShouldBe(HttpStatusCode.SeeOther);
        (await browser.OpenAsync(browser.Location!)).ShouldBe(HttpStatusCode.OK);
        browser.Html.ShouldContain("Undo (2)");
        (await story.OpenAsync("assigned=yes")).Count.ShouldBe(2);
        (await browser.SubmitAsync("/incidents/bulk", ("id", ids[0]), ("id", ids[1]), ("action", "undo"))).ShouldBe(HttpStatusCode.SeeOther);
        (await story.OpenAsync("assigned=yes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Chosen_columns_stay_chosen()
    {
        await story.TellAsync(A.Bad("a", host: "db-7"));

        await browser.OpenAsync("/incidents?column=subject&column=host");
        await browser.OpenAsync("/incidents");

        browser.Html.ShouldContain("<th>Host</th>");
        browser.Html.ShouldNotContain("<th>Classification</th>");
    }

    [Fact]
    [Trait("Demand", "S4-21")]
    public async Task The_page_of_an_incident_shows_its_signals_and_what_one_can_do()
    {
        await story.PersonAsync("bob@example.org");
        await story.TellAsync(A.Bad("a") with { Org = "shop.ui" });
        var id = await story.OnlyAsync();
        (await browser.OpenAsync("/incidents/" + id)).ShouldBe(HttpStatusCode.OK);
        browser.Html.ShouldContain("Created");
        browser.Html.ShouldContain("No success for 25 min; expected by 02:30.");
        browser.Html.ShouldContain("ops (note): sent at 2026-11-20 08:00 UTC");

        (await browser.SubmitAsync($"/incidents/{id}/take")).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        (await browser.SubmitAsync($"/incidents/{id}/acknowledge", ("hours", "4"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        (await browser.SubmitAsync($"/incidents/{id}/assign", ("user", "bob@example.org"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        browser.Html.ShouldContain("Assigned; who has it now is told.");
        browser.Html.ShouldContain("bob@example.org");
        (await browser.SubmitAsync($"/incidents/{id}/complete")).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        (await browser.SubmitAsync($"/incidents/{id}/reopen")).ShouldBe(HttpStatusCode.SeeOther);
        (await story.OnlyAsync()).ShouldBe(id);
    }

    [Fact]
    [Trait("Demand", "S4-18")]
    public async Task The_first_page_counts_by_severity_and_owner_and_links_to_the_list()
    {
        await story.TellAsync(A.Bad("a"), A.Bad("b", severity: Severity.Warning));

        await browser.OpenAsync("/");

        browser.Html.ShouldContain("2 incidents open");
        browser.Html.ShouldContain("href=\"/incidents?severity=critical&amp;assigned=no\"");
        browser.Html.ShouldContain("1 open incident, warning, unassigned");
        browser.Html.ShouldContain("href=\"/jobs/new\"");
    }

    [Fact]
    public async Task A_silence_is_tried_made_and_ended()
    {
        await story.TellAsync(A.Bad("nightly-backup"));
        await browser.OpenAsync("/silences");
        (string, string)[] fields = [("name", "nightly-*"), ("until", "2026-11-20T10:00"), ("reason", "disk is replaced")];
        (await browser.PostAsync("/silences/preview", [.. fields, Token()])).ShouldBe(HttpStatusCode.OK);
        browser.Html.ShouldContain("1 open incident would be hidden");

        (await browser.SubmitAsync("/silences", fields)).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        browser.Html.ShouldContain("disk is replaced");
        browser.Html.ShouldContain("End now");
    }

    [Fact]
    public async Task Somebody_subscribes_and_says_how_to_be_told()
    {
        await browser.OpenAsync("/notices");
        (await browser.SubmitAsync("/notices/subscribe", ("org", "shop.*"), ("interest", "responder"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        (await browser.SubmitAsync("/notices/mine", ("when", "atOnce"), ("level", "info"), ("quietFrom", "07:00"), ("quietTo", "09:30"), ("timeZone", "UTC"))).ShouldBe(HttpStatusCode.SeeOther);
        await browser.OpenAsync(browser.Location!);
        browser.Html.ShouldContain("<code>shop.*</code>");
        browser.Html.ShouldContain("value=\"09:30\"");

        await story.TellAsync(A.Bad("a", severity: Severity.Warning) with { Org = "shop.ui" });
        var id = (await story.OpenAsync("show=all")).Single();
        await browser.OpenAsync("/incidents/" + id);
        browser.Html.ShouldContain("held until 2026-11-20 09:30 UTC");
        await browser.OpenAsync("/incidents?show=responder");
        browser.Html.ShouldContain("<td data-label=\"Interest\">responder</td>");
    }

    (string, string) Token()
    {
        const string Before = "name=\"token\" value=\"";
        var from = browser.Html.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return ("token", browser.Html[from..browser.Html.IndexOf('"', from)]);
    }
}
