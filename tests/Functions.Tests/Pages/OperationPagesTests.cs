using System.Net;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;
using Watchdesk.Tests.Operations;

namespace Watchdesk.Tests.Pages;

/// <summary>Operations and escalation by clicks alone.</summary>
public sealed class OperationPagesTests : IAsyncLifetime
{
    OperationStory story = null!;
    Browser ann = null!;
    Browser bob = null!;

    public async Task InitializeAsync()
    {
        story = await OperationStory.BeginAsync();
        (ann, bob) = (await Browser.SignedInAsync(story.App, Role.Admin, "ann@example.org"), await Browser.SignedInAsync(story.App, Role.Approver, "bob@example.org"));
    }

    public async Task DisposeAsync()
    {
        ann.Dispose();
        bob.Dispose();
        await story.DisposeAsync();
    }

    [Fact]
    public async Task Asked_previewed_approved_by_another_and_seen_to_its_end()
    {
        await ann.OpenAsync("/operations");
        ann.Html.ShouldContain("Nothing yet. Type for example:");
        (await ann.SubmitAsync("/operations", ("text", "lab stop thing <b>"))).ShouldBe(HttpStatusCode.SeeOther);
        await story.Desk.SettleAsync();
        await ann.OpenAsync(ann.Location!);
        ann.Html.ShouldContain("lab stop thing &lt;b&gt;");

        await ann.OpenAsync("/operations");
        await ann.SubmitAsync("/operations", ("text", "lab stop thing db1"));
        var page = ann.Location!.Split('?')[0];
        await story.Desk.SettleAsync();
        await ann.OpenAsync(page);
        ann.Html.ShouldContain("Stop db1.");
        ann.Html.ShouldContain("Nobody approves one&#x27;s own run");
        ann.Html.ShouldNotContain("id=\"approve\"");

        await bob.OpenAsync(page);
        (await bob.SubmitAsync(page + "/approve", ("why", "it is noon"))).ShouldBe(HttpStatusCode.SeeOther);
        await story.Desk.SettleAsync();
        await bob.OpenAsync(page);
        bob.Html.ShouldContain("SUCCESS");
        bob.Html.ShouldContain("bob@example.org");
        bob.Html.ShouldContain("it is noon");
        bob.Html.ShouldContain("state: stopped");
        (await bob.PostAsync(page + "/approve", ("token", Browser.TokenOf(bob.Html)), ("seen", "x"))).ShouldBe(HttpStatusCode.Conflict);
        bob.Html.ShouldContain("It has ended already");
    }

    [Fact]
    public async Task Rejected_and_cancelled_by_buttons()
    {
        foreach (var (button, expected) in new[] { ("reject", "Rejected by bob@example.org"), ("cancel", "Cancelled by bob@example.org") })
        {
            await ann.OpenAsync("/operations");
            await ann.SubmitAsync("/operations", ("text", "lab stop thing db1"));
            var page = ann.Location!.Split('?')[0];
            await story.Desk.SettleAsync();
            await bob.OpenAsync(page);
            var seen = bob.Html.Split("name=\"seen\" value=\"")[1][..16];
            (await bob.PostAsync($"{page}/{button}", ("token", Browser.TokenOf(bob.Html)), ("seen", seen))).ShouldBe(HttpStatusCode.SeeOther);
            await story.Desk.SettleAsync();
            await bob.OpenAsync(page);
            bob.Html.ShouldContain(expected);
        }

        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_runs_shows_its_steps_and_hostile_output_as_text()
    {
        story.Answer = _ => new StepResult(false, 1, "lab list", "<script>alert(1)</script>", "It said no.");
        await ann.OpenAsync("/operations");
        await ann.SubmitAsync("/operations", ("text", "lab list things"));
        await story.Desk.SettleAsync();

        await ann.OpenAsync(ann.Location!);

        ann.Html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        ann.Html.ShouldContain("FAILED");
        ann.Html.ShouldContain("It said no.");
    }

    [Fact]
    public async Task The_rule_is_switched_off_by_an_admin()
    {
        await ann.OpenAsync("/operations");
        (await ann.SubmitAsync("/operations/settings", ("dryRun", "on"), ("hours", "2"))).ShouldBe(HttpStatusCode.SeeOther);

        await ann.OpenAsync("/operations");

        ann.Html.ShouldContain("but an admin has switched this rule off. Dry run is on");
        await bob.OpenAsync("/operations");
        bob.Html.ShouldNotContain("/operations/settings");
    }

    [Fact]
    public async Task An_escalation_and_a_rotation_are_made_changed_and_ended()
    {
        await ann.OpenAsync("/escalations");
        ann.Html.ShouldContain("No policy yet");
        var person = ann.Html.Split("value=\"Person:")[1][..32];
        (await ann.SubmitAsync("/escalations", ("name", "Nights"), ("severity", "Critical"), ("repeat", "1"), ("who", "OnCall"), ("wait", "00:10:00"), ("who", $"Person:{person}"), ("wait", ""))).ShouldBe(HttpStatusCode.SeeOther);
        await ann.OpenAsync("/escalations");
        ann.Html.ShouldContain("tell who is on call, wait 10 min, tell ");

        (await ann.SubmitAsync("/escalations/rotation", ("person", person), ("person", ""), ("start", "2026-11-16"), ("handover", "09:00"), ("timeZone", "UTC"))).ShouldBe(HttpStatusCode.SeeOther);
        await ann.OpenAsync("/escalations");
        ann.Html.ShouldNotContain("On call now: nobody");
        (await bob.OpenAsync("/escalations")).ShouldBe(HttpStatusCode.OK);
        (await bob.SubmitAsync("/escalations/overrides", ("user", person), ("from", "2026-11-20T00:00"), ("until", "2026-11-21T00:00"))).ShouldBe(HttpStatusCode.SeeOther);
        await bob.OpenAsync("/escalations");
        bob.Html.ShouldContain("stands in");
        (await bob.SubmitAsync("/escalations/overrides/end")).ShouldBe(HttpStatusCode.SeeOther);
        bob.Location!.ShouldContain("deleted");

        (await ann.SubmitAsync("/escalations", ("name", "Nobody"))).ShouldBe(HttpStatusCode.BadRequest);
        ann.Html.ShouldContain("at least one tells somebody");
    }
}
